package io.circuitstream.dashboard.traces;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which traces are wanted; null does not restrict. */
public record TraceFilter(
        @Nullable String tenant,
        @Nullable String tag,
        @Nullable String model,
        @Nullable String verdict,
        @Nullable String state,
        @Nullable String text) {

    public boolean accepts(Trace trace) {
        Submission submission = trace.submission();
        return (tenant == null || tenant.equals(submission.tenant()))
                && (tag == null || submission.tags().contains(tag))
                && (model == null || hasModel(trace.model()))
                && (verdict == null
                        || (trace.report() != null
                                && verdict.equals(trace.report().verdict().name())))
                && (state == null || state.equals(trace.state().name()))
                && (text == null || hasText(trace));
    }

    private boolean hasModel(@Nullable Model ran) {
        return ran != null && (Objects.equals(model, ran.name()) || Objects.equals(model, ran.hash()));
    }

    private boolean hasText(Trace trace) {
        String sent = trace.submission().text();
        String tokenised = trace.inference() == null ? null : trace.inference().text();
        return contains(sent) || contains(tokenised) || contains(trace.promptId());
    }

    private boolean contains(@Nullable String where) {
        return where != null && text != null && where.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }
}
