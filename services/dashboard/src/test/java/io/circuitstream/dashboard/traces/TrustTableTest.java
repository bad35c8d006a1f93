package io.circuitstream.dashboard.traces;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.platform.serde.EventClasses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTableTest {
    private static final long MINUTE = 60_000;
    /** A score whose sums are not exact. */
    private static final double SCORE = 0.1;

    @TempDir
    Path folder;

    @BeforeAll
    static void trust() {
        EventClasses.trust();
    }

    /** With a graph, sent in a minute of its own. */
    private static Trace trace(int minute) {
        String id = "p" + minute;
        PromptSubmitted prompt =
                PromptSubmitted.newBuilder().setPromptId(id).setText("a").build();
        AttributionGraph graph = AttributionGraph.newBuilder()
                .setPromptId(id)
                .setStatus(Status.OK)
                .setRequest(prompt)
                .setProvenance(Provenance.newBuilder().build())
                .setReplacementScore(SCORE)
                .setCompletenessScore(SCORE)
                .build();
        Trace sent = Trace.with(null, id, new Mark(Stage.PROMPTS, minute * MINUTE, "prompts", 0, minute), prompt);
        return Trace.with(sent, id, new Mark(Stage.ATTRIBUTION, minute * MINUTE + 1, "graphs", 0, minute), graph);
    }

    private static void change(Store store, @Nullable Trace before, @Nullable Trace after) {
        try (Step step = store.step()) {
            TrustTable.change(step, before, after);
            step.commit();
        }
    }

    private static int entries(Store store) {
        List<byte[]> keys = new ArrayList<>();
        store.ascend(Key.of('u').end(), (key, value) -> keys.add(key));
        return keys.size();
    }

    @Test
    void shouldHoldNoMoreMinutesThanTracesWhenOldOnesAreForgotten() {
        try (Store store = Store.open(folder)) {
            for (int minute = 0; minute < 1_000; minute++) {
                change(store, null, trace(minute));
                if (minute >= 20) {
                    change(store, trace(minute - 20), null);
                }
            }

            assertThat(entries(store)).isEqualTo(20);
            assertThat(TrustTable.read(store).keySet())
                    .contains(980 * MINUTE, 999 * MINUTE)
                    .hasSize(20);
        }
    }

    @Test
    void shouldHoldNothingWhenTheSumsThatAreTakenBackLeaveARounding() {
        try (Store store = Store.open(folder)) {
            for (int i = 0; i < 3; i++) {
                change(store, null, trace(7));
            }
            for (int i = 0; i < 3; i++) {
                change(store, trace(7), null);
            }

            assertThat(entries(store)).isZero();
        }
    }
}
