package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import io.circuitstream.standalone.trace.LocalTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.testkit.BrokerMain;
import io.circuitstream.testkit.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same prompts in one process, in five processes beside this one, and without Kafka: the same bytes. */
class SixProcessTest {
    private static final long START_SECONDS = 120;
    private static final String EXTRA = "refused : an unknown target";

    @TempDir
    Path folder;

    @Test
    void shouldGiveTheSameBytesWhenStagesAreProcessesOrOneProcessOrPlainCalls() throws Exception {
        List<PromptSubmitted> prompts = new ArrayList<>(Samples.prompts());
        PromptSubmitted failing = Samples.request(EXTRA).build();
        failing.getAttribution().setTargetTokens(List.of("no-such-token"));
        prompts.add(failing);

        Map<String, List<String>> local = Samples.digests(local(prompts));
        assertThat(local).hasSize(11);
        assertThat(Samples.digests(standalone(prompts))).isEqualTo(local);
        assertThat(Samples.digests(sixProcesses(prompts))).isEqualTo(local);
    }

    private static Map<String, Trace> local(List<PromptSubmitted> prompts) {
        Samples.Collector collector = new Samples.Collector();
        try (TraceableModel model = TraceableModel.load(Samples.MODEL, Samples.TRANSCODER, 2)) {
            new LocalTracer(model, 64).trace(prompts, collector);
        }
        return collector.traces;
    }

    private Map<String, Trace> standalone(List<PromptSubmitted> prompts) throws InterruptedException {
        try (Deployment deployment = Deployment.start(Samples.options(folder.resolve("one")))) {
            return Samples.trace(deployment.settings(), prompts);
        }
    }

    private Map<String, Trace> sixProcesses(List<PromptSubmitted> prompts) throws Exception {
        List<ChildJvm> children = new ArrayList<>();
        try {
            ChildJvm broker = start(children, "broker", BrokerMain.class.getName(), Map.of(), "256m", "six");
            String[] addresses =
                    broker.awaitLine(l -> l.startsWith("READY "), START_SECONDS).split(" ", 3);
            Settings settings = settings(addresses[1], addresses[2]);
            try (TopicAdmin admin = TopicAdmin.of(settings)) {
                admin.apply(admin.plan(TopicSpec.all(settings)));
            }
            for (String stage : List.of("inference", "attribution", "pruning", "validation")) {
                start(
                        children,
                        stage,
                        "io.circuitstream." + stage + ".Main",
                        environment(stage, addresses[1], addresses[2]),
                        "512m");
            }
            Map<String, Trace> traces = Samples.trace(settings, prompts);
            for (ChildJvm child : children.subList(1, children.size())) {
                child.terminate();
                assertThat(child.awaitExit(60)).as(child.output()).isZero();
            }
            return traces;
        } finally {
            children.forEach(ChildJvm::close);
        }
    }

    private ChildJvm start(
            List<ChildJvm> children,
            String name,
            String mainClass,
            Map<String, String> environment,
            String heap,
            String... arguments) {
        ChildJvm child = ChildJvm.start(
                new ChildJvm.Command(name, mainClass, List.of("-Xmx" + heap), List.of(arguments), environment, folder));
        children.add(child);
        return child;
    }

    private Map<String, String> environment(String stage, String bootstrapServers, String registryUrl) {
        Map<String, String> environment = new HashMap<>();
        environment.put("CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        environment.put("CIRCUITSTREAM_SCHEMA_REGISTRY_URL", registryUrl);
        environment.put(
                "CIRCUITSTREAM_STATE_DIR", folder.resolve("state-" + stage).toString());
        if (!stage.equals("pruning")) {
            environment.put(
                    "CIRCUITSTREAM_MODEL", Samples.MODEL.toAbsolutePath().toString());
            environment.put(
                    "CIRCUITSTREAM_TRANSCODER",
                    Samples.TRANSCODER.toAbsolutePath().toString());
        }
        return environment;
    }

    private static Settings settings(String bootstrapServers, String registryUrl) {
        return Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.BOOTSTRAP_SERVERS.key(),
                        bootstrapServers,
                        CommonSettings.REGISTRY_URL.key(),
                        registryUrl,
                        CommonSettings.TOPIC_REPLICATION.key(),
                        "1"));
    }
}
