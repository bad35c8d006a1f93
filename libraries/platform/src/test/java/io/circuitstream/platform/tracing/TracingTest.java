package io.circuitstream.platform.tracing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.circuitstream.testkit.ChildJvm;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void shouldSendSpansToTheCollectorThatTheEnvironmentNames(@TempDir Path folder) throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            try (exchange) {
                received.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        collector.start();
        String address = "http://127.0.0.1:" + collector.getAddress().getPort();
        try (ChildJvm process = ChildJvm.start(new ChildJvm.Command(
                "spans",
                OneSpan.class.getName(),
                List.of(),
                List.of(),
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", address, "OTEL_EXPORTER_OTLP_COMPRESSION", "none"),
                folder))) {
            assertThat(process.awaitExit(60)).as(process.output()).isZero();
            assertThat(received.poll()).as(process.output()).contains("circuitstream-test", "only this span");
        } finally {
            collector.stop(0);
        }
    }

    /** A process that has a span and ends. */
    static final class OneSpan {
        private OneSpan() {}

        public static void main(String[] arguments) {
            try (Tracing tracing = Tracing.of("circuitstream-test")) {
                tracing.start("only this span", SpanKind.SERVER, Context.root()).end();
            }
        }
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
