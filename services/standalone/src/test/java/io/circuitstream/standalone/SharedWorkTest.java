package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.attribution.AttributionStage;
import io.circuitstream.attribution.AttributionTopology;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.ValidationSettings;
import io.circuitstream.platform.health.Meters;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.StreamService;
import io.circuitstream.standalone.trace.KafkaTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances of attribution against one broker: nobody tells them of each other. */
class SharedWorkTest {
    private static final String GROUP = "circuitstream-attribution";
    private static final int PARTITIONS = 4;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void shouldShareThePromptsAndTakeOverTheRestWhenOneOfTwoInstancesIsClosed() throws Exception {
        EventClasses.trust();
        PrometheusMeterRegistry meters = Meters.registry();
        try (Deployment deployment = Deployment.start(Samples.options(folder.resolve("first")));
                StreamService second = second(deployment.settings(), meters);
                KafkaTracer tracer = new KafkaTracer(deployment.settings(), false)) {
            String first =
                    awaitShares(deployment.settings(), 1).keySet().iterator().next();
            second.start();
            Map<String, Set<Integer>> shares = awaitShares(deployment.settings(), 2);
            Set<Integer> firsts = shares.remove(first);
            Set<Integer> seconds = shares.values().iterator().next();

            tracer.trace(prompts("both", 12), LIMIT, new Samples.Collector());
            Map<String, Integer> partitionOf = partitions(deployment.settings());
            long ofFirst = count(partitionOf, firsts, "both");
            long ofSecond = count(partitionOf, seconds, "both");
            assertThat(List.of(ofFirst, ofSecond)).allMatch(share -> share > 0);
            assertThat(graphs(deployment.meters())).isEqualTo(ofFirst);
            assertThat(graphs(meters)).isEqualTo(ofSecond);

            tracer.trace(prompts("one", 16), LIMIT, new Closer(second, () -> graphs(meters) > ofSecond));
            partitionOf = partitions(deployment.settings());
            assertThat(graphs(deployment.meters()))
                    .as("its own and some that were the closed one's")
                    .isGreaterThan(ofFirst + count(partitionOf, firsts, "one"));
            assertThat(Samples.keys(deployment.settings(), Event.GRAPHS))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.concat(prompts("both", 12).stream(), prompts("one", 16).stream())
                                    .map(PromptSubmitted::getPromptId)
                                    .toList());
        }
    }

    /** Of the same group, with a model of its own. */
    private StreamService second(Settings first, PrometheusMeterRegistry meters) {
        Settings settings = Settings.of(
                CommonSettings.all(),
                Map.of(
                        CommonSettings.BOOTSTRAP_SERVERS.key(),
                        first.get(CommonSettings.BOOTSTRAP_SERVERS),
                        CommonSettings.REGISTRY_URL.key(),
                        first.get(CommonSettings.REGISTRY_URL),
                        CommonSettings.STATE_DIR.key(),
                        folder.resolve("second").toString()));
        TraceableModel model = TraceableModel.load(Samples.MODEL, Samples.TRANSCODER, Samples.THREADS);
        ServiceContext context = ServiceContext.of("attribution", settings, meters);
        return context.service(AttributionTopology.of(context, new AttributionStage(model)), model);
    }

    /** Partitions by member of the group, once it has so many members and each the same number of partitions. */
    private static Map<String, Set<Integer>> awaitShares(Settings settings, int members) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.get(CommonSettings.BOOTSTRAP_SERVERS)))) {
            return await().atMost(LIMIT)
                    .until(
                            () -> shares(admin),
                            shares -> shares.size() == members
                                    && shares.values().stream()
                                            .allMatch(share -> share.size() == PARTITIONS / members));
        }
    }

    private static Map<String, Set<Integer>> shares(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of(GROUP)).describedGroups().get(GROUP).get().members().stream()
                .collect(Collectors.toMap(
                        member -> member.consumerId(), member -> member.assignment().topicPartitions().stream()
                                .map(TopicPartition::partition)
                                .collect(Collectors.toSet())));
    }

    private static List<PromptSubmitted> prompts(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Samples.request("fact : the capital of texas is")
                        .setPromptId(name + "-" + i)
                        .setValidation(ValidationSettings.newBuilder()
                                .setEnabled(false)
                                .build())
                        .build())
                .toList();
    }

    private static long graphs(MeterRegistry meters) {
        return (long) meters.get("circuitstream.records")
                .tag("stage", "attribution")
                .tag("status", "ok")
                .counter()
                .count();
    }

    private static Map<String, Integer> partitions(Settings settings) {
        return Samples.records(settings, Event.INFERENCES).stream()
                .collect(Collectors.toMap(ConsumerRecord::key, ConsumerRecord::partition));
    }

    private static long count(Map<String, Integer> partitionOf, Set<Integer> partitions, String name) {
        return partitionOf.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(name) && partitions.contains(entry.getValue()))
                .count();
    }

    /** Closes an instance as soon as it has done some of the work. */
    private static final class Closer implements TraceListener {
        private final StreamService instance;
        private final BooleanSupplier begun;
        private boolean closed;

        Closer(StreamService instance, BooleanSupplier begun) {
            this.instance = instance;
            this.begun = begun;
        }

        @Override
        public void progress(StageProgress progress) {
            if (!closed && begun.getAsBoolean()) {
                closed = true;
                instance.close();
            }
        }

        @Override
        public void done(Trace trace) {}
    }
}
