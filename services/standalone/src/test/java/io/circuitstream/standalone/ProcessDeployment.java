package io.circuitstream.standalone;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.topics.TopicAdmin;
import io.circuitstream.platform.topics.TopicSpec;
import io.circuitstream.testkit.BrokerMain;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.FaultPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Brokers with a registry and services, each a JVM of its own, as an operator would run them. */
final class ProcessDeployment implements AutoCloseable {
    private static final long START_SECONDS = 120;
    private static final List<String> STAGES = List.of("inference", "attribution", "pruning", "validation");

    private final Path folder;
    private final Map<String, String> environment;
    private final Brokers brokers;
    private final Map<String, ChildJvm> stages = new LinkedHashMap<>();
    private final List<ChildJvm> children = new ArrayList<>();

    private ProcessDeployment(Path folder, Map<String, String> environment, Brokers brokers) {
        this.folder = folder;
        this.environment = environment;
        this.brokers = brokers;
    }

    /** Brokers and a registry, as somebody reaches them; a user has the name of its service. */
    interface Brokers extends AutoCloseable {
        Map<String, String> settings(String user) throws Exception;

        Map<String, String> administrator();
    }

    /** Starts everything, with this added to the stages' environment; what is sent before a stage is up waits for it. */
    static ProcessDeployment start(Path folder, Map<String, String> environment) throws Exception {
        return start(folder, environment, Map.of());
    }

    /** The same with JVM options of each stage's first process, such as a {@link FaultPoint}'s. */
    static ProcessDeployment start(Path folder, Map<String, String> environment, Map<String, List<String>> faults)
            throws Exception {
        Files.createDirectories(folder);
        return start(folder, environment, faults, open(folder), STAGES);
    }

    /** With these brokers, which it owns from now on, and services. */
    static ProcessDeployment start(
            Path folder,
            Map<String, String> environment,
            Map<String, List<String>> faults,
            Brokers brokers,
            List<String> services)
            throws Exception {
        ProcessDeployment deployment = new ProcessDeployment(Files.createDirectories(folder), environment, brokers);
        try {
            Settings administrator = Settings.of(CommonSettings.all(), brokers.administrator());
            try (TopicAdmin admin = TopicAdmin.of(administrator)) {
                admin.apply(admin.plan(TopicSpec.all(administrator)));
            }
            for (String service : services) {
                deployment.startStage(service, faults.getOrDefault(service, List.of()));
            }
            return deployment;
        } catch (Exception | AssertionError e) {
            deployment.close();
            throw e;
        }
    }

    /** One process that lets everybody do everything. */
    static Brokers open(Path folder) throws InterruptedException {
        ChildJvm broker = ChildJvm.start(new ChildJvm.Command(
                "broker", BrokerMain.class.getName(), List.of("-Xmx512m"), List.of("data"), Map.of(), folder));
        String[] ready =
                broker.awaitLine(l -> l.startsWith("READY "), START_SECONDS).split(" ", 3);
        Map<String, String> settings = Map.of(
                CommonSettings.BOOTSTRAP_SERVERS.key(), ready[1],
                CommonSettings.REGISTRY_URL.key(), ready[2],
                CommonSettings.TOPIC_REPLICATION.key(), "1");
        return new Brokers() {
            @Override
            public Map<String, String> settings(String user) {
                return settings;
            }

            @Override
            public Map<String, String> administrator() {
                return settings;
            }

            @Override
            public void close() {
                broker.close();
            }
        };
    }

    /** Starts a stage, or another instance of it after the last one ended. */
    ChildJvm startStage(String name) {
        return startStage(name, List.of());
    }

    private ChildJvm startStage(String name, List<String> options) {
        return startStage(name, options, Map.of());
    }

    /** With this added to its environment; the instance before it may run on. */
    synchronized ChildJvm startStage(String name, List<String> options, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(environment);
        values.putAll(FaultPoint.environment());
        values.put("CIRCUITSTREAM_STATE_DIR", folder.resolve("state-" + name).toString());
        if (List.of("inference", "attribution", "validation", "description").contains(name)) {
            values.put("CIRCUITSTREAM_MODEL", Samples.MODEL.toAbsolutePath().toString());
            values.put(
                    "CIRCUITSTREAM_TRANSCODER",
                    Samples.TRANSCODER.toAbsolutePath().toString());
        }
        settings(name)
                .forEach((key, value) -> values.put(key.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        values.putAll(more);
        ChildJvm stage = run(name, "io.circuitstream." + name + ".Main", options, values, List.of());
        stages.put(name, stage);
        return stage;
    }

    private Map<String, String> settings(String user) {
        try {
            return brokers.settings(user);
        } catch (Exception e) {
            throw new AssertionError("no access for " + user, e);
        }
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
        return Settings.of(CommonSettings.all(), settings("client"));
    }

    @Override
    public void close() throws Exception {
        for (int i = children.size() - 1; i >= 0; i--) {
            children.get(i).close();
        }
        brokers.close();
    }
}
