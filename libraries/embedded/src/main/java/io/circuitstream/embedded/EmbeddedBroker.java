package io.circuitstream.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker with its own controller in this process, on loopback, without authentication. It owns its data folder
 * until it is closed; topics, records and group offsets survive a restart, also on another port.
 *
 * <p>Kafka halts the process on fatal storage errors: a broker that cannot write is not something to carry on without.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final FolderLock lock;
    private final KafkaRaftServer server;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(FolderLock lock, KafkaRaftServer server, int port) {
        this.lock = lock;
        this.server = server;
        this.port = port;
    }

    /**
     * Returns a broker that accepts clients.
     *
     * @param dataDir made if absent; may hold the data of an earlier start
     * @param port 0 takes the port of the last start if it is free, otherwise any free one
     * @throws EmbeddedException if the folder or the port is in use
     * @throws UncheckedIOException if the folder cannot be written
     */
    public static EmbeddedBroker start(Path dataDir, int port) {
        return start(dataDir, port, Map.of());
    }

    /**
     * The same with Kafka broker properties of the caller's, for example shorter session time-outs in a test.
     *
     * @throws IllegalArgumentException if they name listeners, node id or folder
     */
    public static EmbeddedBroker start(Path dataDir, int port, Map<String, String> overrides) {
        try {
            long begin = System.nanoTime();
            FolderLock lock = FolderLock.acquire(dataDir, "broker.lock");
            try {
                Ports ports = Ports.choose(dataDir, port);
                // A folder of its own: Kafka refuses to start when it finds anything but partitions in a log folder.
                Path logs = Files.createDirectories(dataDir.resolve("broker"));
                Properties properties = BrokerProperties.of(logs, ports, overrides);
                if (!Files.exists(logs.resolve("meta.properties"))) {
                    format(logs);
                }
                KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
                server.startup();
                LOG.atInfo()
                        .addKeyValue("elapsedMs", (System.nanoTime() - begin) / 1_000_000)
                        .log("Embedded broker started on port {}", ports.broker());
                return new EmbeddedBroker(lock, server, ports.broker());
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The broker cannot use the folder " + dataDir.toAbsolutePath(), e);
        }
    }

    /** {@code host:port}, as clients take it. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Stops in an orderly way and waits for it; about half a second. Later calls do nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        server.shutdown();
        server.awaitShutdown();
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void format(Path logs) throws IOException {
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(BrokerProperties.NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName(BrokerProperties.CONTROLLER_LISTENER)
                .setMetadataLogDirectory(logs.toString())
                .setDirectories(List.of(logs.toString()))
                .setIgnoreFormatted(true)
                .setReleaseVersion(MetadataVersion.latestProduction());
        try {
            formatter.run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("Formatting " + logs + " failed", e);
        }
    }
}
