package io.circuitstream.platform.tracing;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of what a service does, and reads and writes their W3C context. They go to the collector that OpenTelemetry's own
 * {@code OTEL_*} variables name, or to the Java agent when there is one. Without either nothing is recorded, and the context of an
 * input is passed on as it came. Thread-safe.
 */
public final class Tracing implements AutoCloseable {
    private static final List<String> ON =
            List.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER");
    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<Headers> READ = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return StreamSupport.stream(headers.spliterator(), false)
                    .map(Header::key)
                    .toList();
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String key) {
            Header found = headers == null ? null : headers.lastHeader(key);
            return found == null || found.value() == null ? null : new String(found.value(), StandardCharsets.UTF_8);
        }
    };

    private static final TextMapSetter<Headers> WRITE = (headers, key, value) -> {
        if (headers != null) {
            headers.remove(key).add(key, value.getBytes(StandardCharsets.UTF_8));
        }
    };

    private final Tracer tracer;
    private final @Nullable OpenTelemetrySdk owned;

    private Tracing(OpenTelemetry openTelemetry, @Nullable OpenTelemetrySdk owned) {
        this.tracer = openTelemetry.getTracer("io.circuitstream");
        this.owned = owned;
    }

    /** Of a service, whose spans bear this name unless {@code OTEL_SERVICE_NAME} says another. */
    public static Tracing of(String service) {
        if (ON.stream()
                .allMatch(variable -> System.getenv().getOrDefault(variable, "").isBlank())) {
            return new Tracing(GlobalOpenTelemetry.getOrNoop(), null);
        }
        OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> Map.of(
                        "otel.service.name", service,
                        "otel.exporter.otlp.protocol", "http/protobuf",
                        // Logs go to the console and metrics to whoever asks /metrics.
                        "otel.metrics.exporter", "none",
                        "otel.logs.exporter", "none"))
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk();
        return new Tracing(sdk, sdk);
    }

    /** The context of an input; that of nobody when it has none. */
    public static Context read(Headers headers) {
        return W3C.extract(Context.root(), headers, READ);
    }

    /** The same of an HTTP request's headers. */
    public static <C> Context read(C headers, TextMapGetter<C> getter) {
        return W3C.extract(Context.root(), headers, getter);
    }

    /** Writes the context of the span that is current on this thread; nothing when there is none. */
    public static void write(Headers headers) {
        W3C.inject(Context.current(), headers, WRITE);
    }

    /** Passes the context of an input on as it is. */
    public static void pass(Headers input, Headers output) {
        W3C.inject(read(input), output, WRITE);
    }

    /** A started span below {@code parent}; to be made current and to be ended by the caller. */
    public Span start(String name, SpanKind kind, Context parent) {
        return tracer.spanBuilder(name).setSpanKind(kind).setParent(parent).startSpan();
    }

    /** Sends what is not sent yet. */
    @Override
    public void close() {
        if (owned != null) {
            owned.close();
        }
    }
}
