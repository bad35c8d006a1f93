package io.circuitstream.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.testkit.GoldenTopology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditOutputTest {
    @TempDir
    Path folder;

    private Driver audit;

    @BeforeEach
    void start() {
        audit = new Driver(folder, """
                rules:
                  - {name: f, kind: watched-feature, severity: critical, layer: 1, feature: 17, influence: 0.2}
                """, Map.of());
    }

    @AfterEach
    void stop() {
        audit.close();
    }

    @Test
    void shouldKeepTheReviewedTopology() throws Exception {
        GoldenTopology.check(audit.topology());
    }

    @Test
    void shouldGiveFindingsAndVectorsHeadersOfTheirOwnAndTheTraceOfTheCircuit() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        Circuit circuit = AuditEvents.circuit("p1", AuditEvents.feature(1, 17, 2, .3));
        RecordHeaders headers = new RecordHeaders();
        headers.add("traceparent", trace.getBytes(UTF_8)).add("ce_id", "of the circuit".getBytes(UTF_8));
        audit.pipe(
                Event.CIRCUITS,
                new TestRecord<>(
                        "p1".getBytes(UTF_8),
                        audit.service
                                .serde(Circuit.class)
                                .serializer()
                                .serialize(audit.service.topic(Event.CIRCUITS), circuit),
                        headers));

        for (Event event : List.of(Event.FINDINGS, Event.VECTORS)) {
            Headers written = audit.records(audit.service.topic(event)).get(0).headers();
            assertThat(text(written, "traceparent")).isEqualTo(trace);
            assertThat(text(written, "ce_id")).matches("[0-9a-f]{32}");
            assertThat(text(written, "ce_source")).isEqualTo("/circuitstream-audit");
        }
    }

    private static String text(Headers headers, String key) {
        return new String(headers.lastHeader(key).value(), UTF_8);
    }
}
