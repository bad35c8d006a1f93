package io.circuitstream.standalone;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import io.circuitstream.testkit.BrokerMain;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.FaultPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A broker with a registry and the four stages, each a JVM of its own, as an operator would run them. */
final class ProcessDeployment implements AutoCloseable {
    private static final long START_SECONDS = 120;

    private final Path folder;
    private final Map<String, String> environment;
    private final ChildJvm broker;
    private final Map<String, ChildJvm> stages = new LinkedHashMap<>();
    private final List<ChildJvm> children = new ArrayList<>();
    private Settings settings;

    private ProcessDeployment(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment = environment;
        this.broker = run("broker", BrokerMain.class.getName(), List.of(), Map.of(), List.of("data"));
    }

    /** Starts everything, with this added to the stages' environment; what is sent before a stage is up waits for it. */
    static ProcessDeployment start(Path folder, Map<String, String> environment)
            throws IOException, InterruptedException {
        return start(folder, environment, Map.of());
    }

    /** The same with JVM options of each stage's first process, such as a {@link FaultPoint}'s. */
    static ProcessDeployment start(Path folder, Map<String, String> environment, Map<String, List<String>> faults)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        ProcessDeployment deployment = new ProcessDeployment(folder, environment);
        try {
            deployment.startStages(faults);
            return deployment;
        } catch (RuntimeException | InterruptedException | AssertionError e) {
            deployment.close();
            throw e;
        }
    }

    private void startStages(Map<String, List<String>> faults) throws InterruptedException {
        String[] ready =
                broker.awaitLine(l -> l.startsWith("READY "), START_SECONDS).split(" ", 3);
        settings = Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.BOOTSTRAP_SERVERS.key(), ready[1],
                        CommonSettings.REGISTRY_URL.key(), ready[2],
                        CommonSettings.TOPIC_REPLICATION.key(), "1"));
        try (TopicAdmin admin = TopicAdmin.of(settings)) {
            admin.apply(admin.plan(TopicSpec.all(settings)));
        }
        List.of("inference", "attribution", "pruning", "validation")
                .forEach(stage -> startStage(stage, faults.getOrDefault(stage, List.of())));
    }

    /** Starts a stage, or another instance of it after the last one ended. */
    void startStage(String name) {
        startStage(name, List.of());
    }

    private synchronized void startStage(String name, List<String> options) {
        Map<String, String> values = new HashMap<>(environment);
        values.putAll(FaultPoint.environment());
        values.put("CIRCUITSTREAM_KAFKA_BOOTSTRAP_SERVERS", settings.get(CommonSettings.BOOTSTRAP_SERVERS));
        values.put("CIRCUITSTREAM_SCHEMA_REGISTRY_URL", settings.get(CommonSettings.REGISTRY_URL));
        values.put("CIRCUITSTREAM_STATE_DIR", folder.resolve("state-" + name).toString());
        if (!name.equals("pruning")) {
            values.put("CIRCUITSTREAM_MODEL", Samples.MODEL.toAbsolutePath().toString());
            values.put(
                    "CIRCUITSTREAM_TRANSCODER",
                    Samples.TRANSCODER.toAbsolutePath().toString());
        }
        stages.put(name, run(name, "io.circuitstream." + name + ".Main", options, values, List.of()));
    }

    private ChildJvm run(
            String name, String mainClass, List<String> options, Map<String, String> values, List<String> arguments) {
        List<String> all = new ArrayList<>(options);
        all.add("-Xmx512m");
        ChildJvm child = ChildJvm.start(new ChildJvm.Command(name, mainClass, all, arguments, values, folder));
        children.add(child);
        return child;
    }

    synchronized ChildJvm stage(String name) {
        return stages.get(name);
    }

    Collection<ChildJvm> stages() {
        return stages.values();
    }

    /** With which a client is configured. */
    Settings settings() {
        return settings;
    }

    @Override
    public void close() {
        for (int i = children.size() - 1; i >= 0; i--) {
            children.get(i).close();
        }
    }
}
