package io.circuitstream.dashboard;

import static io.circuitstream.dashboard.RunningDashboard.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.circuitstream.dashboard.audit.AuditEvents;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.Topics.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the audit writes, from its topics to whoever asks and watches. */
@ExtendWith(RunningDashboard.Once.class)
class AuditTest {
    private final RunningDashboard dashboard;

    AuditTest(RunningDashboard dashboard) {
        this.dashboard = dashboard;
    }

    @Test
    void shouldShowFindingsAndTheStateOfTheirChainsWhenTheAuditWritesThem() throws Exception {
        AuditFinding first = AuditEvents.finding("a", "texas", 1, AuditEvents.START);
        AuditFinding second = AuditEvents.finding("b", "other", 2, first.getHash());
        try (LiveClient page = new LiveClient(dashboard.api.server(), null)) {
            await().atMost(SOON).until(() -> !page.named("hello").isEmpty());
            send(0, first);
            checkpoint(AuditEvents.checkpoint(1, 0, AuditEvents.START));
            checkpoint(AuditEvents.checkpoint(2, 2, second.getHash()));
            send(0, second);

            await().atMost(SOON).untilAsserted(() -> {
                assertThat(page.named("finding"))
                        .extracting(event -> event.data().path("findingId").textValue())
                        .containsExactly("a", "b");
                assertThat(chain(0).path("checkpoint").path("number").intValue())
                        .isEqualTo(2);
            });
            assertThat(page.named("finding"))
                    .allSatisfy(event -> assertThat(event.id()).isNotNull());
        }
        JsonNode findings = dashboard.ok("/audit/findings").path("findings");
        assertThat(findings.findValuesAsText("findingId")).containsExactly("b", "a");
        assertThat(findings.path(0).path("evidence").path(0).path("offset").intValue())
                .isEqualTo(12);
        assertThat(dashboard
                        .ok("/audit/findings?promptId=texas&severity=WARNING")
                        .path("findings")
                        .findValuesAsText("findingId"))
                .containsExactly("a");
        JsonNode chain = chain(0);
        assertThat(chain.path("broken").isNull()).as("%s", chain).isTrue();
        assertThat(chain.path("findings").intValue()).isEqualTo(2);
        assertThat(chain.path("signed").textValue()).isEqualTo("SAME");
        assertThat(chain.path("checkpoint").path("key").textValue()).isEqualTo("f1");
        assertThat(dashboard.api.get("/api/v1/audit/findings?before=x").status())
                .isEqualTo(400);
    }

    @Test
    void shouldSayWhereAChainBreaksWhenARecordIsNoFinding() throws Exception {
        dashboard.cluster.put(Event.FINDINGS, 1, "d", new byte[] {9});

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(chain(1).path("broken").toString())
                        .isEqualTo("{\"offset\":0,\"sequence\":1,\"why\":\"this record is no finding\"}"));
    }

    @Test
    void shouldListWindowsWithoutAndShowOneWithItsFeaturesWhenBehaviourIsSummedUp() throws Exception {
        try (LiveClient page = new LiveClient(dashboard.api.server(), null)) {
            await().atMost(SOON).until(() -> !page.named("hello").isEmpty());
            dashboard
                    .cluster
                    .producer()
                    .send(Event.BEHAVIOURS, "s", BehaviourSummary.class, AuditEvents.summary("s", 300_000));

            await().atMost(SOON).untilAsserted(() -> assertThat(page.named("behaviour"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.id()).isNotNull();
                        assertThat(event.data().toString()).isEqualTo("{\"scan\":\"s\",\"windowStart\":300000}");
                    }));
        }
        JsonNode listed = dashboard.ok("/audit/behaviours?scan=s").path("windows");
        assertThat(listed).hasSize(1);
        assertThat(listed.path(0).path("circuits").intValue()).isEqualTo(3);
        assertThat(listed.path(0).path("drift").isNull()).isTrue();
        JsonNode whole = dashboard.ok("/audit/behaviours/s/300000");
        assertThat(whole.path("topFeatures").path(0).path("feature").intValue()).isEqualTo(515);
        assertThat(dashboard.api.get("/api/v1/audit/behaviours/s/300001").status())
                .isEqualTo(404);
        assertThat(dashboard.api.get("/api/v1/audit/behaviours/s/now").status()).isEqualTo(400);
    }

    private JsonNode chain(int partition) throws Exception {
        for (JsonNode chain : dashboard.ok("/audit/chains").path("chains")) {
            if (chain.path("partition").intValue() == partition) {
                return chain;
            }
        }
        return MissingNode.getInstance();
    }

    private void send(int partition, AuditFinding finding) throws Exception {
        byte[] value = dashboard.cluster.producer().bytes(Event.FINDINGS, AuditFinding.class, finding);
        dashboard.cluster.put(Event.FINDINGS, partition, finding.getFindingId(), value);
    }

    private void checkpoint(AuditCheckpoint checkpoint) throws Exception {
        byte[] value = dashboard.cluster.producer().bytes(Event.CHECKPOINTS, AuditCheckpoint.class, checkpoint);
        dashboard.cluster.put(Event.CHECKPOINTS, checkpoint.getPartition(), "0", value);
    }
}
