package io.circuitstream.dashboard.traces;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.serde.EventClasses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTableTest {
    private static final int TRACES = 40;

    @TempDir
    Path folder;

    private Store store;

    @BeforeAll
    static void trust() {
        EventClasses.trust();
    }

    /** Every fifth is the caller's own; three at a time are of one moment. */
    @BeforeEach
    void fill() {
        store = Store.open(folder);
        try (Step step = store.step()) {
            for (int i = 0; i < TRACES; i++) {
                String tenant = i % 5 == 0 ? "own" : "foreign";
                String id = (i % 2 == 0 ? "a-" : "z-") + tenant + "-" + i;
                PromptSubmitted prompt = PromptSubmitted.newBuilder()
                        .setPromptId(id)
                        .setText("a")
                        .setTenant(tenant)
                        .build();
                Mark mark = new Mark(Stage.PROMPTS, 1_000 + i / 3, "t", 0, i);
                TraceTable.put(step, null, Trace.with(null, id, mark, prompt));
            }
            step.commit();
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static boolean own(Trace trace) {
        return trace.submission().tenant().equals("own");
    }

    private List<String> followed(int limit, int mostVisited, List<String> cursors) {
        List<String> ids = new ArrayList<>();
        String before = null;
        do {
            TraceTable.Page page = TraceTable.page(store, before, limit, mostVisited, TraceTableTest::own);
            page.traces().forEach(trace -> ids.add(trace.promptId()));
            before = page.next();
            if (before != null) {
                cursors.add(before);
            }
        } while (before != null);
        return ids;
    }

    @Test
    void shouldListEachOnceWhenPagesEndShort() {
        List<String> all = followed(TRACES, TRACES + 1, new ArrayList<>());
        assertThat(all).hasSize(8);

        for (int mostVisited = 1; mostVisited < 12; mostVisited++) {
            for (int limit = 1; limit < 4; limit++) {
                assertThat(followed(limit, mostVisited, new ArrayList<>()))
                        .as("%d of %d", limit, mostVisited)
                        .isEqualTo(all);
            }
        }
    }

    @Test
    void shouldNameNoTraceThatIsNotShownWhenAPageEndsShort() {
        List<String> cursors = new ArrayList<>();

        followed(2, 3, cursors);

        assertThat(cursors).hasSizeGreaterThan(8).noneMatch(cursor -> cursor.contains("foreign"));
    }
}
