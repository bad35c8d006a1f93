package io.circuitstream.dashboard.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.access.Tenants;
import io.circuitstream.dashboard.json.EventJson;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import io.circuitstream.dashboard.store.Store;
import io.circuitstream.events.AuditFinding;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Findings in the order in which they were read, and by prompt. */
public final class FindingTable {
    private static final char FINDING = 'F';
    private static final char OF_PROMPT = 'g';
    private static final byte[] RANGE = Key.of('M').end("findings");
    private static final Set<String> HASHES = Set.of("previousHash", "hash");
    /** Findings that a filter may pass over before a page ends short. */
    private static final int MOST_VISITED = 20_000;

    private static final int MOST_FORGOTTEN_AT_ONCE = 10;

    private FindingTable() {}

    /**
     * A part of the list, newest first.
     *
     * @param next where the next page begins; null at the end of the list. A page may be short, even empty, and not the last
     */
    public record Page(List<JsonNode> findings, @Nullable Long next) {}

    /**
     * Which findings; null does not narrow.
     *
     * @param tenants whose; findings of none are of all together
     */
    public record Filter(
            @Nullable String rule,
            @Nullable String severity,
            @Nullable String promptId,
            Tenants tenants) {
        private boolean accepts(JsonNode finding) {
            return is(rule, finding, "rule")
                    && is(severity, finding, "severity")
                    && (tenants.areAll() || isOf(tenants, finding.path("tenant").asText()));
        }

        private static boolean isOf(Tenants tenants, String tenant) {
            return !tenant.isEmpty() && tenants.include(tenant);
        }

        private static boolean is(@Nullable String wanted, JsonNode finding, String field) {
            return wanted == null || wanted.equals(finding.path(field).textValue());
        }
    }

    /** Those that are kept are numbered from {@code first} up to, without it, {@code next}. */
    private record Range(long first, long next) {
        static Range read(Reader from) {
            byte[] known = from.get(RANGE);
            return known == null
                    ? new Range(0, 0)
                    : new Range(
                            ByteBuffer.wrap(known).getLong(),
                            ByteBuffer.wrap(known).getLong(Long.BYTES));
        }

        void write(Step step) {
            step.put(
                    RANGE,
                    ByteBuffer.allocate(2 * Long.BYTES)
                            .putLong(first)
                            .putLong(next)
                            .array());
        }
    }

    /**
     * Adds a finding; beyond {@code most} the oldest go.
     *
     * @param offset of its record on the topic of findings
     * @return what is kept: the event's fields without its hashes, and the offset
     */
    public static byte[] add(Step step, AuditFinding finding, long offset, int most) {
        byte[] json = EventJson.document(out -> {
            out.writeStartObject();
            EventJson.fields(out, finding, HASHES);
            out.writeNumberField("offset", offset);
            out.writeEndObject();
        });
        Range range = Range.read(step);
        step.put(key(range.next()), json);
        if (!finding.getPromptId().isEmpty()) {
            step.put(promptKey(finding.getPromptId(), range.next()), new byte[0]);
        }
        long surplus = Math.min(range.next() + 1 - range.first() - most, MOST_FORGOTTEN_AT_ONCE);
        for (long i = 0; i < surplus; i++) {
            forget(step, range.first() + i);
        }
        new Range(range.first() + Math.max(0, surplus), range.next() + 1).write(step);
        return json;
    }

    private static void forget(Step step, long number) {
        byte[] json = step.get(key(number));
        if (json != null) {
            String promptId = Json.read(json, ObjectNode.class).path("promptId").asText();
            step.delete(promptKey(promptId, number));
            step.delete(key(number));
        }
    }

    /**
     * The next findings that the filter takes.
     *
     * @param before a {@link Page#next}; {@link Long#MAX_VALUE} begins with the newest
     */
    public static Page page(Store store, long before, int limit, Filter filter) {
        byte[] prefix = filter.promptId() == null
                ? Key.of(FINDING).end()
                : Key.of(OF_PROMPT).text(filter.promptId()).end();
        byte[] start = filter.promptId() == null ? key(before) : promptKey(filter.promptId(), before);
        List<JsonNode> findings = new ArrayList<>();
        int[] visited = {0};
        @Nullable Long[] last = {null};
        boolean[] more = {false};
        store.descend(prefix, start, (key, value) -> {
            if (findings.size() == limit || visited[0]++ == MOST_VISITED) {
                more[0] = true;
                return false;
            }
            long number = Key.numberAt(key, prefix.length);
            last[0] = number;
            byte[] json = filter.promptId() == null ? value : store.get(key(number));
            JsonNode finding = Json.read(json == null ? new byte[] {'{', '}'} : json, ObjectNode.class);
            if (!finding.isEmpty() && filter.accepts(finding)) {
                findings.add(finding);
            }
            return true;
        });
        return new Page(findings, more[0] ? last[0] : null);
    }

    private static byte[] key(long number) {
        return Key.of(FINDING).number(number).end();
    }

    private static byte[] promptKey(String promptId, long number) {
        return Key.of(OF_PROMPT).text(promptId).number(number).end();
    }
}
