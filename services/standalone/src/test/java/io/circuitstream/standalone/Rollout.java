package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.LoopbackCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One service with one pod, which is replaced as the chart's workload does it. */
final class Rollout {
    private final String service;
    private final ProcessDeployment deployment;
    private final Path folder;
    private final Map<String, String> own;
    private final ChartSettings chart;
    private final HttpClient client = HttpClient.newHttpClient();
    private int started;
    private Pod pod;

    /** A process, and where it answers. */
    private record Pod(ChildJvm process, URI http, long startedAt) {}

    /**
     * What a replacement took.
     *
     * @param boot from the start of the new process to its first answer: a JVM and a model, which the machine decides
     * @param away from SIGTERM to the old one to the new one being ready; zero when the new one was ready before
     * @param exit from SIGTERM to the end of the old one
     */
    record Times(Duration boot, Duration away, Duration exit) {}

    /**
     * Starts the first pod and does not wait for it.
     *
     * @param own what it is configured with beside the chart's own variables
     */
    Rollout(String service, ProcessDeployment deployment, Path folder, Map<String, String> own) throws IOException {
        this.service = service;
        this.deployment = deployment;
        this.folder = folder;
        this.own = own;
        this.chart = ChartSettings.of(service);
        this.pod = start();
    }

    String service() {
        return service;
    }

    URI http() {
        return pod.http();
    }

    /** Whether nobody works while it is replaced. */
    boolean stopsFirst() {
        return !chart.surges();
    }

    private Pod start() throws IOException {
        int port = LoopbackCluster.freePort();
        String instance = service + "-" + (chart.isStateful() ? 0 : started);
        started++;
        Map<String, String> environment = new HashMap<>(own);
        environment.putAll(chart.environment("trace-circuitstream-" + instance));
        environment.put("CIRCUITSTREAM_HTTP_PORT", Integer.toString(port));
        environment.put("CIRCUITSTREAM_STATE_DIR", folder.resolve(instance).toString());
        long now = System.nanoTime();
        return new Pod(
                deployment.startStage(service, List.of(), environment), URI.create("http://127.0.0.1:" + port), now);
    }

    void awaitReady() {
        awaitAnswer(pod, "/readyz");
    }

    /** Waits until it answers 200; yields how long that was after its start. */
    private Duration awaitAnswer(Pod awaited, String path) {
        await().atMost(Samples.PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!awaited.process().isAlive()) {
                throw new AssertionError(
                        service + " ended: " + awaited.process().output());
            }
            return answers(awaited.http().resolve(path));
        });
        return Duration.ofNanos(System.nanoTime() - awaited.startedAt());
    }

    private boolean answers(URI uri) throws InterruptedException {
        try {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false; // It does not listen yet.
        }
    }

    /** Replaces the pod; the old one ends with 0 within its grace period. */
    Times replace() throws IOException, InterruptedException {
        Pod old = pod;
        if (chart.surges()) {
            pod = start();
            Duration boot = awaitAnswer(pod, "/livez");
            awaitReady();
            return new Times(boot, Duration.ZERO, stop(old));
        }
        long begin = System.nanoTime();
        Duration exit = stop(old);
        pod = start();
        Duration boot = awaitAnswer(pod, "/livez");
        awaitReady();
        return new Times(boot, Duration.ofNanos(System.nanoTime() - begin), exit);
    }

    private Duration stop(Pod old) throws InterruptedException {
        long begin = System.nanoTime();
        old.process().terminate();
        assertThat(old.process().awaitExit(chart.grace().toSeconds()))
                .as(() -> service + ": " + old.process().output())
                .isZero();
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
