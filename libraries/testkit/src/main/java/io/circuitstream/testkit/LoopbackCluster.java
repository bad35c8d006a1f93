package io.circuitstream.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.awaitility.Awaitility;

/**
 * Several Kafka brokers, each with a controller and in a process of its own, replicating to one another: to kill and to
 * start again. Numbers go from 1.
 */
public final class LoopbackCluster implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);

    private final Path folder;
    private final List<Integer> ports;
    private final List<ChildJvm> brokers = new ArrayList<>();

    /** Starts so many brokers and waits until they accept clients. */
    public LoopbackCluster(Path folder, int count) throws Exception {
        this(folder, count, Map.of());
    }

    /** The same with properties added; listeners come in addition to those that are there. */
    LoopbackCluster(Path folder, int count, Map<String, String> more) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.ports = freePorts(2 * count);
        String voters = IntStream.rangeClosed(1, count)
                .mapToObj(id -> id + "@127.0.0.1:" + ports.get(count + id - 1))
                .collect(Collectors.joining(","));
        String clusterId = Uuid.randomUuid().toString();
        for (int id = 1; id <= count; id++) {
            format(id, clusterId);
            Properties properties = of(id, voters, count);
            more.forEach((key, value) -> properties.merge(
                    key, value, (there, added) -> key.contains("listener") ? there + "," + added : added));
            try (Writer writer = Files.newBufferedWriter(properties(id))) {
                properties.store(writer, null);
            }
            brokers.add(run(id));
        }
        awaitBrokers(count);
    }

    /** All of them, as clients take it. */
    public String bootstrapServers() {
        return IntStream.range(0, brokers.size())
                .mapToObj(i -> "127.0.0.1:" + ports.get(i))
                .collect(Collectors.joining(","));
    }

    /** The process of a broker. */
    public ChildJvm broker(int id) {
        return brokers.get(id - 1);
    }

    /** Starts a broker again that has ended; it comes back by itself, later. */
    public void restart(int id) {
        brokers.set(id - 1, run(id));
    }

    /** The broker that leads the first partition of a topic. */
    public int leader(String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .get(0)
                    .leader()
                    .id();
        }
    }

    /** The broker whose controller decides. */
    public int controller() throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            return admin.describeMetadataQuorum().quorumInfo().get().leaderId();
        }
    }

    /** Makes a topic with a replica on every broker. */
    public void create(String topic, int partitions) throws ExecutionException, InterruptedException {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) brokers.size())))
                    .all()
                    .get();
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    private void awaitBrokers(int count) {
        try (Admin admin = admin()) {
            Awaitility.await().atMost(START).ignoreExceptions().until(() -> {
                if (brokers.stream().anyMatch(broker -> !broker.isAlive())) {
                    return true;
                }
                return admin.describeCluster().nodes().get().size() == count;
            });
        }
        for (ChildJvm broker : brokers) {
            if (!broker.isAlive()) {
                throw new AssertionError("a broker ended: " + broker.output());
            }
        }
    }

    private ChildJvm run(int id) {
        return ChildJvm.start(new ChildJvm.Command(
                "broker-" + id,
                "kafka.Kafka",
                List.of("-Xmx256m"),
                List.of(properties(id).toString()),
                Map.of(),
                folder));
    }

    private Path properties(int id) {
        return folder.resolve("broker-" + id + ".properties");
    }

    private Path data(int id) {
        return folder.resolve("data-" + id);
    }

    private Properties of(int id, String voters, int count) {
        String replicas = Integer.toString(Math.min(3, count));
        String least = Integer.toString(Math.min(2, count));
        Properties properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(id)),
                Map.entry("controller.quorum.voters", voters),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:" + ports.get(id - 1) + ",CONTROLLER://127.0.0.1:"
                                + ports.get(count + id - 1)),
                Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + ports.get(id - 1)),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("log.dirs", data(id).toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("default.replication.factor", replicas),
                Map.entry("min.insync.replicas", least),
                Map.entry("offsets.topic.replication.factor", replicas),
                Map.entry("offsets.topic.num.partitions", "3"),
                Map.entry("transaction.state.log.replication.factor", replicas),
                Map.entry("transaction.state.log.min.isr", least),
                Map.entry("transaction.state.log.num.partitions", "3"),
                Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("group.min.session.timeout.ms", "1000"),
                Map.entry("broker.session.timeout.ms", "3000"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                Map.entry("controller.quorum.election.timeout.ms", "500"),
                Map.entry("controller.quorum.fetch.timeout.ms", "1000"),
                Map.entry("message.max.bytes", "17825792"),
                Map.entry("replica.fetch.max.bytes", "17825792"),
                Map.entry("log.cleaner.dedupe.buffer.size", "4194304"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "2")));
        return properties;
    }

    private void format(int id, String clusterId) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(id)
                .setClusterId(clusterId)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(data(id).toString())
                .setDirectories(List.of(data(id).toString()))
                .setIgnoreFormatted(true)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .run();
    }

    /** A port that nobody listens on now. */
    public static int freePort() throws IOException {
        return freePorts(1).get(0);
    }

    /** All open at the same time, so that they differ. */
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    @Override
    public void close() {
        brokers.forEach(broker -> {
            try {
                broker.kill9();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
