package io.circuitstream.dashboard.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.dashboard.access.Tenants;
import io.circuitstream.dashboard.audit.FindingTable.Filter;
import io.circuitstream.dashboard.audit.FindingTable.Page;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.Severity;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingTableTest {
    private static final Filter ALL = new Filter(null, null, null, Tenants.ALL);

    @TempDir
    Path folder;

    private Store store;

    @BeforeEach
    void open() {
        store = Store.open(folder);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void add(int most, String id, String rule, Severity severity, String promptId) {
        AuditFinding finding = AuditEvents.finding(id, promptId, 1, AuditEvents.START);
        finding.setRule(rule);
        finding.setSeverity(severity);
        try (Step step = store.step()) {
            FindingTable.add(step, finding, 77, most);
            step.commit();
        }
    }

    private Page page(@Nullable Long before, int limit, Filter filter) {
        return FindingTable.page(store, before == null ? Long.MAX_VALUE : before, limit, filter);
    }

    private static List<String> ids(Page page) {
        return page.findings().stream()
                .map(finding -> finding.path("findingId").textValue())
                .toList();
    }

    @Test
    void shouldListTheNewestFirstInPagesWhenThereAreMany() {
        for (String id : List.of("a", "b", "c", "d", "e")) {
            add(100, id, "r", Severity.INFO, "p");
        }

        Page first = page(null, 2, ALL);
        Page second = page(first.next(), 2, ALL);
        Page third = page(second.next(), 2, ALL);

        assertThat(ids(first)).containsExactly("e", "d");
        assertThat(ids(second)).containsExactly("c", "b");
        assertThat(ids(third)).containsExactly("a");
        assertThat(third.next()).isNull();
        assertThat(first.findings().get(0).path("offset").longValue()).isEqualTo(77);
        assertThat(first.findings().get(0).has("hash")).isFalse();
    }

    @Test
    void shouldNarrowWhenAFilterIsGiven() {
        add(100, "a", "one", Severity.INFO, "p");
        add(100, "b", "two", Severity.INFO, "p");
        add(100, "c", "two", Severity.CRITICAL, "q");
        add(100, "d", "two", Severity.CRITICAL, "");

        assertThat(ids(page(null, 9, new Filter("two", null, null, Tenants.ALL))))
                .containsExactly("d", "c", "b");
        assertThat(ids(page(null, 9, new Filter(null, "CRITICAL", null, Tenants.ALL))))
                .containsExactly("d", "c");
        assertThat(ids(page(null, 9, new Filter(null, null, "p", Tenants.ALL)))).containsExactly("b", "a");
        assertThat(ids(page(null, 9, new Filter("two", "INFO", "p", Tenants.ALL))))
                .containsExactly("b");
        assertThat(ids(page(null, 9, new Filter(null, null, "nobody", Tenants.ALL))))
                .isEmpty();
        assertThat(ids(page(
                        page(null, 1, new Filter(null, null, "p", Tenants.ALL)).next(),
                        9,
                        new Filter(null, null, "p", Tenants.ALL))))
                .containsExactly("a");
    }

    @Test
    void shouldForgetTheOldestWhenThereAreTooMany() {
        for (String id : List.of("a", "b", "c", "d")) {
            add(3, id, "r", Severity.INFO, "p");
        }
        assertThat(ids(page(null, 9, ALL))).containsExactly("d", "c", "b");
        assertThat(ids(page(null, 9, new Filter(null, null, "p", Tenants.ALL)))).containsExactly("d", "c", "b");

        add(2, "e", "r", Severity.INFO, "p");

        assertThat(ids(page(null, 9, ALL))).as("fewer after a restart").containsExactly("e", "d");
    }

    @Test
    void shouldKeepEachWindowOnceAndTheNewestWhenSummariesCome() {
        try (Step step = store.step()) {
            for (int i = 0; i < BehaviourTable.MOST + 2; i++) {
                BehaviourTable.put(step, AuditEvents.summary("s", i));
            }
            BehaviourTable.put(step, AuditEvents.summary("s", BehaviourTable.MOST));
            BehaviourTable.put(step, AuditEvents.summary("other", BehaviourTable.MOST));
            step.commit();
        }

        assertThat(BehaviourTable.find(store, "s", 2)).isEmpty();
        assertThat(BehaviourTable.find(store, "s", 3)).isPresent();
        assertThat(BehaviourTable.newest(store, null, 3).findValuesAsText("scan"))
                .containsExactly("s", "s", "other");
        assertThat(BehaviourTable.newest(store, "other", 3)).hasSize(1);
        assertThat(BehaviourTable.newest(store, "s", 1).path(0).has("topFeatures"))
                .isFalse();
        assertThat(BehaviourTable.find(store, "s", 3).orElseThrow().has("topFeatures"))
                .isTrue();
    }
}
