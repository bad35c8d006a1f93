package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.standalone.trace.KafkaTracer;
import io.circuitstream.standalone.trace.LocalTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.testkit.ChildJvm;
import io.circuitstream.testkit.FaultPoint;
import io.circuitstream.testkit.TopicLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R1 in docs/reliability.md: each of the four stages halts once between writing a result and committing it; every prompt has exactly one committed result in every topic, the one of an undisturbed run. The seed is
 * printed; give it back with {@code -Dcircuitstream.seed}.
 */
class CrashTest {
    private static final int ROUNDS = 2;
    private static final int SIGKILL_EXIT = 137;
    private static final long SEED = Long.getLong("circuitstream.seed", System.nanoTime());
    private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);
    private static final Map<String, Event> RESULTS = new LinkedHashMap<>();

    static {
        RESULTS.put("inference", Event.INFERENCES);
        RESULTS.put("attribution", Event.GRAPHS);
        RESULTS.put("pruning", Event.CIRCUITS);
        RESULTS.put("validation", Event.VALIDATIONS);
    }

    @TempDir
    Path folder;

    @Test
    void shouldHaveEachResultOnceAndUnchangedWhenStagesHalt() throws Exception {
        System.out.println("circuitstream.seed=" + SEED);
        EventClasses.trust();
        List<PromptSubmitted> prompts = prompts();
        // After a crash readers wait until the dead producer's transaction times out: far above the longest record
        // here.
        Map<String, String> environment = Map.of("CIRCUITSTREAM_TRANSACTION_TIMEOUT", "6s");
        try (ProcessDeployment deployment = ProcessDeployment.start(folder, environment, faults());
                KafkaTracer tracer = new KafkaTracer(deployment.settings(), true)) {
            List<CompletableFuture<Void>> halted = RESULTS.keySet().stream()
                    .map(stage -> CompletableFuture.runAsync(() -> awaitHaltAndStart(deployment, stage)))
                    .toList();
            Samples.Collector collector = new Samples.Collector();
            tracer.trace(prompts, Samples.PATIENCE, collector);

            halted.forEach(CompletableFuture::join);
            assertThat(Samples.digests(collector.traces)).isEqualTo(Samples.digests(local(prompts)));
            List<String> ids =
                    prompts.stream().map(PromptSubmitted::getPromptId).sorted().toList();
            RESULTS.forEach((stage, event) -> {
                TopicLog log =
                        new TopicLog(deployment.settings().get(CommonSettings.BOOTSTRAP_SERVERS), TOPICS.name(event));
                assertThat(log.keys()).as(stage).containsExactlyInAnyOrderElementsOf(ids);
                assertThat(log.aborted()).as("taken back by %s", stage).isPositive();
            });
        }
    }

    /** JVM options by stage: each halts with one of its first results on the brokers and its transaction open. */
    private static Map<String, List<String>> faults() {
        Random random = new Random(SEED);
        Map<String, List<String>> faults = new TreeMap<>();
        // The later a stage, the earlier its record, so that all of them halt before the first one holds up the others.
        int record = 2 * RESULTS.size();
        for (Map.Entry<String, Event> result : RESULTS.entrySet()) {
            faults.put(
                    result.getKey(),
                    FaultPoint.haltAcknowledged(TOPICS.name(result.getValue()), record + random.nextInt(2)));
            record -= 2;
        }
        return faults;
    }

    private static void awaitHaltAndStart(ProcessDeployment deployment, String stage) {
        try {
            ChildJvm victim = deployment.stage(stage);
            assertThat(victim.awaitExit(Samples.PATIENCE.toSeconds())).as(stage).isEqualTo(SIGKILL_EXIT);
            assertThat(victim.output()).contains("FAULT HALT " + TOPICS.name(RESULTS.get(stage)));
            deployment.startStage(stage);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static List<PromptSubmitted> prompts() throws IOException {
        List<PromptSubmitted> prompts = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (PromptSubmitted sample : Samples.prompts()) {
                prompts.add(PromptSubmitted.newBuilder(sample)
                        .setPromptId(sample.getPromptId() + "-" + round)
                        .build());
            }
        }
        return prompts;
    }

    private static Map<String, Trace> local(List<PromptSubmitted> prompts) {
        Samples.Collector collector = new Samples.Collector();
        try (TraceableModel model = TraceableModel.load(Samples.MODEL, Samples.TRANSCODER, Samples.THREADS)) {
            new LocalTracer(model, 64).trace(prompts, collector);
        }
        return collector.traces;
    }
}
