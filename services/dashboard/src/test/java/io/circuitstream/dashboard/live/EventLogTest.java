package io.circuitstream.dashboard.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    private static final byte[] JSON = {'{', '}'};

    @TempDir
    Path folder;

    private static void add(Store store, EventLog log, int count) {
        for (int i = 0; i < count; i++) {
            try (Step step = store.step()) {
                log.add(step, "trace", Audience.EVERYBODY, JSON);
                step.commit();
            }
        }
    }

    private static List<Long> replayed(EventLog log, long after, long upTo) {
        List<Long> sequences = new ArrayList<>();
        log.replay(after, upTo, event -> sequences.add(event.sequence()));
        return sequences;
    }

    @Test
    void shouldGoOnCountingUnderTheSameNameWhenReopened() {
        String first;
        try (Store store = Store.open(folder)) {
            EventLog log = new EventLog(store, 10);
            add(store, log, 3);
            first = text(log.event(3, "hello"));
        }
        try (Store store = Store.open(folder)) {
            EventLog log = new EventLog(store, 10);

            assertThat(text(log.event(3, "hello"))).isEqualTo(first);
            add(store, log, 1);
            assertThat(log.last()).isEqualTo(4);
            assertThat(replayed(log, 1, 4)).containsExactly(2L, 3L, 4L);
            assertThat(replayed(log, 1, 3)).containsExactly(2L, 3L);
        }
    }

    @Test
    void shouldKeepTheLastOnesOnlyWhenThereAreMore() {
        try (Store store = Store.open(folder)) {
            EventLog log = new EventLog(store, 5);
            add(store, log, 12);
            String name = text(log.event(0, "hello")).replaceAll("(?s)id: (.*)-0\n.*", "$1");

            assertThat(replayed(log, 0, 12)).containsExactly(8L, 9L, 10L, 11L, 12L);
            assertThat(log.resumable(name + "-12")).hasValue(12);
            assertThat(log.resumable(name + "-7")).hasValue(7);
            assertThat(log.resumable(name + "-6")).as("7 is gone").isEmpty();
            assertThat(log.resumable(name + "-13")).as("never was").isEmpty();
            assertThat(log.resumable("other-12")).isEmpty();
            assertThat(log.resumable("12")).isEmpty();
        }
    }

    @Test
    void shouldNotCountWhatWasNotCommitted() {
        try (Store store = Store.open(folder)) {
            EventLog log = new EventLog(store, 5);
            try (Step step = store.step()) {
                log.add(step, "trace", Audience.EVERYBODY, JSON);
            }

            assertThat(log.last()).isZero();
        }
    }

    @Test
    void shouldKeepWhomEventsAreForWhenReopened() {
        List<Audience> audiences = List.of(Audience.of("lab"), Audience.EVERYBODY, Audience.OF_ALL_TENANTS);
        try (Store store = Store.open(folder)) {
            EventLog log = new EventLog(store, 10);
            for (Audience audience : audiences) {
                add(store, log, audience);
            }
        }
        try (Store store = Store.open(folder)) {
            assertThat(audiences(new EventLog(store, 10))).isEqualTo(audiences);
        }
    }

    @Test
    void shouldBeForThoseWhoSeeAllTenantsWhenABuildWroteThatKnewNone() {
        try (Store store = Store.open(folder)) {
            EventLog log = new EventLog(store, 10);
            add(store, log, Audience.of("lab"));
            try (Step step = store.step()) {
                step.delete(Key.of('l').number(1).end());
                step.commit();
            }

            assertThat(audiences(log)).containsExactly(Audience.OF_ALL_TENANTS);
        }
    }

    @Test
    void shouldKeepNothingMoreWhenAnEventIsGone() {
        try (Store store = Store.open(folder)) {
            add(store, new EventLog(store, 5), 12);
            List<byte[]> kept = new ArrayList<>();
            store.ascend(Key.of('l').end(), (key, value) -> kept.add(key));

            assertThat(kept).hasSize(5);
        }
    }

    private static void add(Store store, EventLog log, Audience audience) {
        try (Step step = store.step()) {
            log.add(step, "trace", audience, JSON);
            step.commit();
        }
    }

    private static List<Audience> audiences(EventLog log) {
        List<Audience> audiences = new ArrayList<>();
        log.replay(0, log.last(), event -> audiences.add(event.audience()));
        return audiences;
    }

    private static String text(LiveEvent event) {
        return new String(event.frame(), StandardCharsets.UTF_8);
    }
}
