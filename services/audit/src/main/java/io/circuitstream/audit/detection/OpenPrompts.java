package io.circuitstream.audit.detection;

import io.circuitstream.audit.AuditMetrics;
import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.audit.Subject;
import io.circuitstream.audit.rules.NamedRule;
import io.circuitstream.audit.rules.Rule.MissingStage;
import io.circuitstream.audit.rules.Rule.Stage;
import io.circuitstream.audit.rules.RuleSet;
import io.circuitstream.events.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Keeps the prompts that wait for results, and reports by the wall clock those that wait too long, once for each rule. The time runs from
 * when this service read the prompt, and at the earliest from its own start: a backlog that it reads after a pause has results further on.
 */
final class OpenPrompts implements Processor<String, Sighting, String, CandidateFinding> {
    private static final String STORE = "open-prompts";
    private static final Duration ROUND = Duration.ofSeconds(1);

    private final Supplier<RuleSet> rules;
    private final Duration lateLimit;
    private final AuditMetrics metrics;
    private ProcessorContext<String, CandidateFinding> context;
    private KeyValueStore<String, byte[]> store;
    private long startedAt;

    private OpenPrompts(Supplier<RuleSet> rules, Duration lateLimit, AuditMetrics metrics) {
        this.rules = rules;
        this.lateLimit = lateLimit;
        this.metrics = metrics;
    }

    /** @param lateLimit how long a prompt is remembered for the sake of late results */
    static ProcessorSupplier<String, Sighting, String, CandidateFinding> supplier(
            Supplier<RuleSet> rules, Duration lateLimit, AuditMetrics metrics) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, Sighting, String, CandidateFinding> get() {
                return new OpenPrompts(rules, lateLimit, metrics);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                        .withLoggingEnabled(Map.of())
                        .withCachingEnabled());
            }
        };
    }

    @Override
    public void init(ProcessorContext<String, CandidateFinding> context) {
        this.context = context;
        store = context.getStateStore(STORE);
        startedAt = context.currentSystemTimeMs();
        context.schedule(ROUND, PunctuationType.WALL_CLOCK_TIME, this::look);
    }

    @Override
    public void process(Record<String, Sighting> record) {
        long now = context.currentSystemTimeMs();
        byte[] bytes = store.get(record.key());
        OpenPrompt before = bytes == null ? OpenPrompt.unseen(now) : OpenPrompt.decode(bytes);
        Stage stage = record.value().stage();
        if (stage != null && before.overdue().contains(stage) && !before.seen().contains(stage)) {
            metrics.lateResult(stage);
        }
        OpenPrompt after = before.with(record.value(), now);
        store.put(record.key(), after.isComplete() ? null : after.encode());
    }

    private void look(long now) {
        List<NamedRule<MissingStage>> missing = rules.get().of(MissingStage.class);
        long memory = missing.stream()
                .mapToLong(named -> named.rule().within().toMillis())
                .reduce(lateLimit.toMillis(), Math::max);
        List<KeyValue<String, byte[]>> changes = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> open = store.all()) {
            while (open.hasNext()) {
                KeyValue<String, byte[]> entry = open.next();
                OpenPrompt before = OpenPrompt.decode(entry.value);
                if (now - Math.max(before.readAt(), startedAt) > memory) {
                    changes.add(KeyValue.pair(entry.key, null));
                } else {
                    OpenPrompt after = report(entry.key, before, missing, now);
                    if (after != before) {
                        changes.add(KeyValue.pair(entry.key, after.encode()));
                    }
                }
            }
        }
        changes.forEach(change -> store.put(change.key, change.value));
    }

    private OpenPrompt report(String promptId, OpenPrompt open, List<NamedRule<MissingStage>> missing, long now) {
        OpenPrompt after = open;
        Origin prompt = open.prompt();
        if (prompt == null) {
            return after;
        }
        for (NamedRule<MissingStage> named : missing) {
            MissingStage rule = named.rule();
            long deadline = Math.max(open.readAt(), startedAt) + rule.within().toMillis();
            String name = named.reference().name();
            if (now >= deadline
                    && !open.seen().contains(rule.stage())
                    && !open.reported().contains(name)) {
                context.forward(new Record<>(promptId, finding(promptId, open, prompt, named, deadline), now));
                after = after.reported(name, rule.stage());
            }
        }
        return after;
    }

    private static CandidateFinding finding(
            String promptId, OpenPrompt open, Origin prompt, NamedRule<MissingStage> named, long deadline) {
        String stage = name(named.rule().stage());
        String last = open.last() == null ? "none" : name(open.last());
        List<Evidence> evidence = new ArrayList<>();
        evidence.add(prompt.evidence("waitedMs", deadline - prompt.time().toEpochMilli())
                .setThreshold((double) named.rule().within().toMillis())
                .setText(stage)
                .build());
        if (open.lastOrigin() != null) {
            evidence.add(open.lastOrigin()
                    .evidence(
                            "lastStageMs",
                            open.lastOrigin().time().toEpochMilli()
                                    - prompt.time().toEpochMilli())
                    .setText(last)
                    .build());
        }
        return CandidateFinding.of(
                named.reference(),
                new Subject(promptId, open.tenant(), "", "", ""),
                prompt.occurrence(),
                "no result of %s within %d s; the last stage seen is %s"
                        .formatted(stage, named.rule().within().toSeconds(), last),
                evidence,
                Instant.ofEpochMilli(deadline));
    }

    private static String name(Stage stage) {
        return stage.name().toLowerCase(Locale.ROOT);
    }
}
