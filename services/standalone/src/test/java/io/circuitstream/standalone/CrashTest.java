package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.standalone.trace.KafkaTracer;
import io.circuitstream.standalone.trace.LocalTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of two stages in mid-stream: every prompt has exactly one committed result in every topic, and the same one. */
class CrashTest {
    private static final int ROUNDS = 3;
    private static final int SIGKILL_EXIT = 137;

    @TempDir
    Path folder;

    @Test
    void shouldHaveEachResultOnceAndUnchangedWhenStagesAreKilled() throws Exception {
        EventClasses.trust();
        List<PromptSubmitted> prompts = prompts();
        // After a crash readers wait until the dead producer's transaction times out: far above the longest record
        // here.
        Map<String, String> environment = Map.of("CIRCUITSTREAM_TRANSACTION_TIMEOUT", "15s");
        try (ProcessDeployment deployment = ProcessDeployment.start(folder, environment);
                KafkaTracer tracer = new KafkaTracer(deployment.settings(), true)) {
            Killer killer = new Killer(deployment, prompts.size());
            tracer.trace(prompts, Samples.PATIENCE, killer);

            assertThat(killer.killed).containsExactly("attribution", "validation");
            assertThat(Samples.digests(killer.collected.traces)).isEqualTo(Samples.digests(local(prompts)));
            List<String> ids =
                    prompts.stream().map(PromptSubmitted::getPromptId).sorted().toList();
            for (Event event : List.of(Event.INFERENCES, Event.GRAPHS, Event.CIRCUITS, Event.VALIDATIONS)) {
                assertThat(Samples.keys(deployment.settings(), event))
                        .as(event.shortName())
                        .containsExactlyInAnyOrderElementsOf(ids);
            }
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

    /** Kills a stage while it works on a record: attribution in the first half of the prompts, validation later. */
    private static final class Killer implements TraceListener {
        private final ProcessDeployment deployment;
        private final int total;
        private final Samples.Collector collected = new Samples.Collector();
        private final List<String> killed = new ArrayList<>();
        private final HashSet<String> attributed = new HashSet<>();

        Killer(ProcessDeployment deployment, int total) {
            this.deployment = deployment;
            this.total = total;
        }

        @Override
        public void progress(StageProgress progress) {
            if (progress.getStage().equals("attribution")) {
                attributed.add(progress.getPromptId());
                if (killed.isEmpty() && attributed.size() > total / 4) {
                    kill("attribution");
                }
            }
            if (progress.getStage().equals("validation")
                    && killed.size() == 1
                    && collected.traces.size() >= total / 2) {
                kill("validation");
            }
        }

        private void kill(String stage) {
            assertThat(collected.traces.size()).as("work left").isLessThan(total);
            try {
                deployment.stage(stage).kill9();
                assertThat(deployment.stage(stage).awaitExit(10)).isEqualTo(SIGKILL_EXIT);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
            deployment.startStage(stage);
            killed.add(stage);
        }

        @Override
        public void done(Trace trace) {
            collected.done(trace);
        }
    }
}
