package io.circuitstream.dashboard.features;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.store.Key;
import io.circuitstream.dashboard.store.Reader;
import io.circuitstream.dashboard.store.Step;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Edges over all circuits, position aside. */
public final class EdgeTable {
    private static final char EDGE = 'e';

    private EdgeTable() {}

    /** One end as the store writes it; the first letter tells the kinds apart. */
    public record End(String code) {
        static End feature(int layer, int feature) {
            return new End("f" + layer + "/" + feature);
        }

        static End token(String token) {
            return new End("t" + token);
        }

        static End logit(String token) {
            return new End("l" + token);
        }

        /** {@code layer} and {@code feature}, or {@code token}; {@code kind} says which. */
        ObjectNode json() {
            String rest = code.substring(1);
            return switch (code.charAt(0)) {
                case 'f' -> {
                    String[] parts = rest.split("/", 2);
                    yield Json.object()
                            .put("kind", "FEATURE")
                            .put("layer", Integer.parseInt(parts[0]))
                            .put("feature", Integer.parseInt(parts[1]));
                }
                case 't' -> Json.object().put("kind", "TOKEN").put("token", rest);
                default -> Json.object().put("kind", "LOGIT").put("token", rest);
            };
        }
    }

    public record Edge(String scan, End source, End target) {
        private byte[] key() {
            return Key.of(EDGE).text(scan).text(source.code()).end(target.code());
        }

        private static Edge of(byte[] key) {
            ByteBuffer parts = ByteBuffer.wrap(key, 1, key.length - 1);
            String scan = text(parts, parts.getInt());
            String source = text(parts, parts.getInt());
            return new Edge(scan, new End(source), new End(text(parts, parts.remaining())));
        }

        private static String text(ByteBuffer from, int length) {
            byte[] bytes = new byte[length];
            from.get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** An edge with the number of circuits that have it and its mean weight in them. */
    public record Recurring(Edge edge, int circuits, double meanWeight) {
        public ObjectNode json() {
            ObjectNode json = Json.object().put("scan", edge.scan());
            json.set("source", edge.source().json());
            json.set("target", edge.target().json());
            return json.put("circuits", circuits).put("meanWeight", meanWeight);
        }
    }

    /**
     * Adds a circuit's edge to the sums, or takes it out.
     *
     * @param sign 1 for a circuit that has the edge, −1 for one that is gone
     */
    public static void add(Step step, Edge edge, float weight, int sign) {
        byte[] key = edge.key();
        byte[] before = step.get(key);
        ByteBuffer sums = before == null ? ByteBuffer.allocate(Integer.BYTES + Double.BYTES) : ByteBuffer.wrap(before);
        int circuits = sums.getInt(0) + sign;
        if (circuits <= 0) {
            step.delete(key);
            return;
        }
        double sum = sums.getDouble(Integer.BYTES) + sign * weight;
        step.put(
                key,
                ByteBuffer.allocate(Integer.BYTES + Double.BYTES)
                        .putInt(circuits)
                        .putDouble(sum)
                        .array());
    }

    /** Those that the most circuits have, most first. Reads all edges. */
    public static List<Recurring> most(Reader from, int limit) {
        Comparator<Recurring> order =
                Comparator.comparingInt(Recurring::circuits).thenComparingDouble(edge -> Math.abs(edge.meanWeight()));
        PriorityQueue<Recurring> best = new PriorityQueue<>(order);
        from.ascend(Key.of(EDGE).end(), (key, value) -> {
            int circuits = ByteBuffer.wrap(value).getInt();
            Recurring least = best.size() < limit ? null : best.peek();
            if (least == null || circuits >= least.circuits()) {
                double mean = ByteBuffer.wrap(value).getDouble(Integer.BYTES) / circuits;
                best.add(new Recurring(Edge.of(key), circuits, mean));
                if (best.size() > limit) {
                    best.poll();
                }
            }
            return true;
        });
        List<Recurring> sorted = new ArrayList<>(best);
        sorted.sort(order.reversed());
        return sorted;
    }
}
