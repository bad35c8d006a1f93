package io.circuitstream.audit.behaviour.digest;

import io.circuitstream.events.TrustVerdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of messages: a kind, then the parts, big-endian; of an arrival the promptId first. An edge is two indices into the table of
 * its circuit's nodes and a share: eight bytes. About 3 KB for a circuit of a hundred features and 200 edges.
 */
public final class MessageCodec {
    private static final byte CIRCUIT = 1;
    private static final byte FAILED_CIRCUIT = 2;
    private static final byte TRUST = 3;
    private static final byte FAILED_TRUST = 4;
    private static final byte BEAT = 5;
    /** Their places are the codes of the bytes: new ones go to the end. */
    private static final List<TrustVerdict> VERDICTS = List.of(
            TrustVerdict.UNKNOWN,
            TrustVerdict.UNTESTED,
            TrustVerdict.SUPPORTED,
            TrustVerdict.MIXED,
            TrustVerdict.UNSUPPORTED);

    private MessageCodec() {}

    static byte[] encode(Message message) {
        if (message instanceof Beat beat) {
            return ByteBuffer.allocate(1 + Integer.BYTES + 2 * Long.BYTES)
                    .put(BEAT)
                    .putInt(beat.source())
                    .putLong(beat.progress())
                    .putLong(beat.time())
                    .array();
        }
        Arrival arrival = (Arrival) message;
        byte[] prompt = arrival.promptId().getBytes(StandardCharsets.UTF_8);
        return arrival.seen() instanceof CircuitDigest circuit
                ? encode(prompt, circuit)
                : encode(prompt, (TrustDigest) arrival.seen());
    }

    /** What {@link #encode} was given. @throws RuntimeException for bytes that are no message */
    static Message decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Message message = in.get(0) == BEAT ? beat(in) : arrival(in);
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(in.remaining() + " bytes are left over after the message");
        }
        return message;
    }

    private static Beat beat(ByteBuffer in) {
        in.get();
        return new Beat(in.getInt(), in.getLong(), in.getLong());
    }

    private static Arrival arrival(ByteBuffer in) {
        byte kind = in.get();
        byte[] prompt = new byte[in.getInt()];
        in.get(prompt);
        Observation seen =
                switch (kind) {
                    case CIRCUIT -> circuit(in);
                    case FAILED_CIRCUIT -> CircuitDigest.FAILED;
                    case TRUST -> new TrustDigest(false, in.getDouble(), in.get() == 1, VERDICTS.get(in.get()));
                    case FAILED_TRUST -> new TrustDigest(true, -1, false, TrustVerdict.UNKNOWN);
                    default ->
                        throw new IllegalArgumentException(
                                "a message of kind " + kind + ": written by a newer version?");
                };
        return new Arrival(new String(prompt, StandardCharsets.UTF_8), seen);
    }

    /** An entry of a window. @throws RuntimeException for bytes that are none */
    public static Arrival entry(byte[] bytes) {
        return (Arrival) decode(bytes);
    }

    private static byte[] encode(byte[] prompt, TrustDigest trust) {
        if (trust.failed()) {
            return bytes(begin(FAILED_TRUST, prompt, 0));
        }
        return bytes(begin(TRUST, prompt, Double.BYTES + 2)
                .putDouble(trust.confirmedShare())
                .put((byte) (trust.replacementAgrees() ? 1 : 0))
                .put((byte) VERDICTS.indexOf(trust.verdict())));
    }

    private static byte[] encode(byte[] prompt, CircuitDigest circuit) {
        if (circuit.failed()) {
            return bytes(begin(FAILED_CIRCUIT, prompt, 0));
        }
        NodeTable table = NodeTable.of(circuit.edges());
        int size = 2 * Double.BYTES
                + 5 * Integer.BYTES
                + circuit.features().length * (Long.BYTES + Integer.BYTES)
                + table.size() * Long.BYTES
                + circuit.edges().size() * Long.BYTES;
        ByteBuffer out = begin(CIRCUIT, prompt, size)
                .putDouble(circuit.completeness())
                .putDouble(circuit.replacement())
                .putInt(circuit.featuresLeftOut())
                .putInt(circuit.edgesLeftOut())
                .putInt(circuit.features().length);
        for (int f = 0; f < circuit.features().length; f++) {
            out.putLong(circuit.features()[f]).putInt(Math.toIntExact(circuit.influence()[f]));
        }
        table.put(out);
        out.putInt(circuit.edges().size());
        for (int e = 0; e < circuit.edges().size(); e++) {
            Edge edge = circuit.edges().get(e);
            out.putShort((short) table.index(edge.source()))
                    .putShort((short) table.index(edge.target()))
                    .putInt(Math.toIntExact(circuit.share()[e]));
        }
        return bytes(out);
    }

    /** All that was allocated, which is full. */
    private static byte[] bytes(ByteBuffer full) {
        byte[] bytes = new byte[full.flip().remaining()];
        full.get(bytes);
        return bytes;
    }

    private static ByteBuffer begin(byte kind, byte[] prompt, int size) {
        return ByteBuffer.allocate(1 + Integer.BYTES + prompt.length + size)
                .put(kind)
                .putInt(prompt.length)
                .put(prompt);
    }

    private static CircuitDigest circuit(ByteBuffer in) {
        double completeness = in.getDouble();
        double replacement = in.getDouble();
        int featuresLeftOut = in.getInt();
        int edgesLeftOut = in.getInt();
        long[] features = new long[in.getInt()];
        long[] influence = new long[features.length];
        for (int f = 0; f < features.length; f++) {
            features[f] = in.getLong();
            influence[f] = in.getInt();
        }
        long[] table = new long[in.getInt()];
        for (int n = 0; n < table.length; n++) {
            table[n] = in.getLong();
        }
        int count = in.getInt();
        List<Edge> edges = new ArrayList<>(count);
        long[] share = new long[count];
        for (int e = 0; e < count; e++) {
            edges.add(new Edge(table[in.getShort()], table[in.getShort()]));
            share[e] = in.getInt();
        }
        return new CircuitDigest(
                false, completeness, replacement, features, influence, edges, share, featuresLeftOut, edgesLeftOut);
    }
}
