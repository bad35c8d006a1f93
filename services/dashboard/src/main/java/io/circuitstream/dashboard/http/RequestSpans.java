package io.circuitstream.dashboard.http;

import io.circuitstream.platform.tracing.Tracing;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import org.jspecify.annotations.Nullable;

/** A span of each request that changes something, below the caller's: what becomes of it belongs to the same trace. */
final class RequestSpans {
    private static final TextMapGetter<Context> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Context context) {
            return context.headerMap().keySet();
        }

        @Override
        public @Nullable String get(@Nullable Context context, String key) {
            return context == null ? null : context.header(key);
        }
    };

    private RequestSpans() {}

    static Route around(Tracing tracing, Route route) {
        return route.method().equals(HandlerType.GET) ? route : route.with(traced(tracing, route));
    }

    private static Handler traced(Tracing tracing, Route route) {
        String path = Server.BASE + route.path();
        return context -> {
            Span span = tracing.start(route.method() + " " + path, SpanKind.SERVER, Tracing.read(context, HEADERS));
            span.setAttribute("http.request.method", route.method().name());
            span.setAttribute("http.route", path);
            try (Scope current = span.makeCurrent()) {
                route.handler().handle(context);
                span.setAttribute("http.response.status_code", context.statusCode());
            } catch (Exception e) {
                span.setStatus(StatusCode.ERROR, e.getClass().getName());
                throw e;
            } finally {
                span.end();
            }
        };
    }
}
