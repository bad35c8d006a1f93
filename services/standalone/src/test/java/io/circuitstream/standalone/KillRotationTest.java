package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Topics;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.standalone.trace.KafkaTracer;
import io.circuitstream.standalone.trace.LocalTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceListener;
import io.circuitstream.testkit.TopicLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of prompts while {@code kill -9} goes round all four stages: {@code -Dcircuitstream.prompts}, 3,000 unless set. */
@Tag("faults")
class KillRotationTest {
    private static final int PROMPTS = Integer.getInteger("circuitstream.prompts", 3_000);
    private static final int BETWEEN_KILLS = 100;
    private static final List<String> STAGES = List.of("inference", "attribution", "pruning", "validation");

    @TempDir
    Path folder;

    @Test
    void shouldHaveEachResultOnceAndUnchangedWhenStagesAreKilledInTurn() throws Exception {
        EventClasses.trust();
        List<PromptSubmitted> prompts = new ArrayList<>();
        List<PromptSubmitted> samples = Samples.prompts();
        for (int i = 0; i < PROMPTS; i++) {
            prompts.add(PromptSubmitted.newBuilder(samples.get(i % samples.size()))
                    .setPromptId("kill-" + i)
                    .setValidation(Samples.FEW)
                    .build());
        }
        Map<String, List<String>> undisturbed = new HashMap<>();
        try (TraceableModel model = TraceableModel.load(Samples.MODEL, Samples.TRANSCODER, Samples.THREADS)) {
            new LocalTracer(model, 64).trace(prompts, digests(undisturbed));
        }
        Map<String, String> environment = Map.of("CIRCUITSTREAM_TRANSACTION_TIMEOUT", "8s");
        try (ProcessDeployment deployment = ProcessDeployment.start(folder, environment);
                KafkaTracer tracer = new KafkaTracer(deployment.settings(), true)) {
            Killer killer = new Killer(deployment);
            long begin = System.nanoTime();
            tracer.trace(prompts, Duration.ofSeconds(2L * PROMPTS), killer);

            System.out.printf(
                    "%d prompts, %d kills, %d s%n",
                    PROMPTS, killer.kills, (System.nanoTime() - begin) / 1_000_000_000L);
            assertThat(killer.kills).isGreaterThanOrEqualTo(PROMPTS / BETWEEN_KILLS - 1);
            assertThat(killer.digests).isEqualTo(undisturbed);
            for (Event event : List.of(Event.INFERENCES, Event.GRAPHS, Event.CIRCUITS, Event.VALIDATIONS)) {
                TopicLog log = new TopicLog(
                        deployment.settings().get(CommonSettings.BOOTSTRAP_SERVERS),
                        new Topics(Topics.DEFAULT_PREFIX).name(event));
                assertThat(log.keys()).as(event.shortName()).containsExactlyInAnyOrderElementsOf(undisturbed.keySet());
                System.out.println(event.shortName() + ": " + log.aborted() + " results taken back");
            }
        }
    }

    private static TraceListener digests(Map<String, List<String>> digests) {
        return new TraceListener() {
            @Override
            public void progress(StageProgress progress) {}

            @Override
            public void done(Trace trace) {
                digests.putAll(Samples.digests(Map.of(trace.inference().getPromptId(), trace)));
            }
        };
    }

    private static final class Killer implements TraceListener {
        private final ProcessDeployment deployment;
        private final Map<String, List<String>> digests = new HashMap<>();
        private int kills;

        Killer(ProcessDeployment deployment) {
            this.deployment = deployment;
        }

        @Override
        public void progress(StageProgress progress) {}

        @Override
        public void done(Trace trace) {
            digests.putAll(Samples.digests(Map.of(trace.inference().getPromptId(), trace)));
            if (digests.size() % BETWEEN_KILLS == 0 && digests.size() < PROMPTS) {
                System.out.println(digests.size() + " prompts done, " + kills + " kills");
                String stage = STAGES.get(kills++ % STAGES.size());
                try {
                    deployment.stage(stage).kill9();
                } catch (InterruptedException e) {
                    throw new AssertionError("interrupted", e);
                }
                deployment.startStage(stage);
            }
        }
    }
}
