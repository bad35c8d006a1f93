package io.circuitstream.testkit;

import io.circuitstream.embedded.EmbeddedBroker;
import io.circuitstream.embedded.EmbeddedRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A broker and a registry as a process of their own: prints {@code READY bootstrap url} and runs until it is ended. */
public final class BrokerMain {
    /** Takes back the transactions of the dead soon after their time is over; by default up to ten seconds later. */
    private static final Map<String, String> PROMPT =
            Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");

    private BrokerMain() {}

    /** The only argument is the data folder. */
    public static void main(String[] arguments) throws InterruptedException {
        Path data = Path.of(arguments[0]);
        try (EmbeddedBroker broker = EmbeddedBroker.start(data.resolve("kafka"), 0, PROMPT);
                EmbeddedRegistry registry = EmbeddedRegistry.start(data.resolve("registry"), 0)) {
            System.out.println("READY " + broker.bootstrapServers() + " " + registry.url());
            new CountDownLatch(1).await();
        }
    }
}
