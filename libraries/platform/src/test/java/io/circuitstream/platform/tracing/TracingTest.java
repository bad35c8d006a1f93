package io.circuitstream.platform.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** Without a collector and without an agent. */
class TracingTest {
    private static final String CONTEXT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void shouldPassTheContextOnAsItCameWhenThereIsNoCollector() {
        assertThat(after("traceparent", CONTEXT)).isEqualTo(CONTEXT);
    }

    @Test
    void shouldWriteNothingWhenThereIsNoContextOrADamagedOne() {
        assertThat(after("other", CONTEXT)).isEmpty();
        assertThat(after("traceparent", "00-damaged")).isEmpty();
    }

    private static String after(String header, String value) {
        RecordHeaders output = new RecordHeaders();
        try (Tracing tracing = Tracing.of("test")) {
            RecordHeaders input = new RecordHeaders();
            input.add(header, value.getBytes(UTF_8));
            Span span = tracing.start("process", SpanKind.CONSUMER, Tracing.read(input));
            try (Scope current = span.makeCurrent()) {
                assertThat(current).isNotNull();
                Tracing.write(output);
            }
        }
        return output.lastHeader("traceparent") == null
                ? ""
                : new String(output.lastHeader("traceparent").value(), UTF_8);
    }
}
