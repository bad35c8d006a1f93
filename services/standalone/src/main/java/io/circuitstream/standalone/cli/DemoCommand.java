package io.circuitstream.standalone.cli;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.standalone.Deployment;
import io.circuitstream.standalone.TemporaryFolder;
import io.circuitstream.standalone.trace.KafkaTracer;
import io.circuitstream.standalone.trace.PromptFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job on embedded defaults. Takes other ports when the usual ones are in use. */
@Command(
        name = "demo",
        description = "Starts everything in one process, sends the ten sample prompts through the topics and shows what"
                + " becomes of them.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Option(names = "--no-wait", description = "end after the last prompt instead of staying up")
    boolean noWait;

    @Option(names = "--json", description = "print one JSON document and nothing else; implies --no-wait")
    boolean json;

    @Mixin
    DeploymentOptions options = new DeploymentOptions();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<PromptSubmitted> prompts = PromptFile.read(Home.samples(), new RequestOptions()::request);
        options.httpPort = orAny(options.httpPort);
        options.kafkaPort = orAny(options.kafkaPort);
        options.registryPort = orAny(options.registryPort);
        System.err.println(
                "Starting broker, schema registry, inference, attribution, pruning, validation, description, audit,"
                        + " dashboard ...");
        long start = System.nanoTime();
        try (TemporaryFolder data = TemporaryFolder.create("circuitstream-demo");
                Deployment deployment = options.start(data.path())) {
            System.err.printf(
                    "Up after %.1f s; sending %d prompts.%n", (System.nanoTime() - start) / 1e9, prompts.size());
            System.err.printf("Dashboard: %s/%n%n", deployment.http());
            if (!noWait && !json) {
                Browser.open(
                        deployment.http().resolve("/circuit/" + prompts.get(0).getPromptId()));
            }
            int code = trace(deployment, prompts);
            if (noWait || json) {
                return code;
            }
            System.out.print(Addresses.of(deployment));
            System.out.println("Staying up; Ctrl-C ends it and deletes its data.");
            Stopping.closeOnSignal(deployment, data::close);
            return deployment.blockUntilClosed();
        }
    }

    private int trace(Deployment deployment, List<PromptSubmitted> prompts) {
        TraceCommand.Output output = new TraceCommand.Output(json);
        try (KafkaTracer tracer = new KafkaTracer(deployment.settings(), false)) {
            tracer.trace(prompts, PATIENCE, new ProgressLine(System.err, prompts.size(), output::accept));
        }
        return output.finish();
    }

    /** The port when it is free, else 0. */
    private static int orAny(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort() == port ? port : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
