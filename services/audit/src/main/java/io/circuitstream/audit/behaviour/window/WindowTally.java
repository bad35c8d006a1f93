package io.circuitstream.audit.behaviour.window;

import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.CircuitDigest;
import io.circuitstream.audit.behaviour.digest.Edge;
import io.circuitstream.audit.behaviour.digest.NodeCode;
import io.circuitstream.audit.behaviour.digest.TrustDigest;
import io.circuitstream.audit.behaviour.digest.Units;
import io.circuitstream.audit.behaviour.drift.Tenths;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.FeaturePlace;
import io.circuitstream.events.FeatureUsage;
import io.circuitstream.events.RecurrentEdge;
import io.circuitstream.events.TrustDistribution;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Counts what a window holds. Every count is a sum of integers; only the digest depends on the order, which is that of the keys. */
final class WindowTally {
    private final int top;
    private final MessageDigest inputs = sha256();
    private final BoundedCounts<FeatureKey> features;
    private final BoundedCounts<Edge> edges;
    private final long[] completeness = new long[Tenths.COUNT];
    private final long[] replacement = new long[Tenths.COUNT];
    private final TrustTally trust = new TrustTally();
    private long circuits;
    private long failed;
    private long featuresLeftOut;
    private long edgesLeftOut;

    WindowTally(WindowLimits limits) {
        top = limits.top();
        features = new BoundedCounts<>(limits.features(), FeatureKey::mixed);
        edges = new BoundedCounts<>(limits.edges(), Edge::mixed);
    }

    void add(byte[] entry, Arrival arrival) {
        inputs.update(entry);
        if (arrival.seen() instanceof CircuitDigest circuit) {
            add(circuit);
        } else if (arrival.seen() instanceof TrustDigest report) {
            trust.add(report);
        }
    }

    private void add(CircuitDigest circuit) {
        if (circuit.failed()) {
            failed++;
            return;
        }
        circuits++;
        completeness[Tenths.of(circuit.completeness())]++;
        replacement[Tenths.of(circuit.replacement())]++;
        featuresLeftOut += circuit.featuresLeftOut();
        edgesLeftOut += circuit.edgesLeftOut();
        for (int f = 0; f < circuit.features().length; f++) {
            features.add(new FeatureKey(circuit.features()[f]), circuit.influence()[f]);
        }
        for (int e = 0; e < circuit.share().length; e++) {
            edges.add(circuit.edges().get(e), circuit.share()[e]);
        }
    }

    /** Ends the tally. */
    void write(BehaviourSummary.Builder event) {
        event.setInputsSha256(HexFormat.of().formatHex(inputs.digest()))
                .setCircuits(circuits)
                .setFailed(failed)
                .setTopFeatures(
                        features.top(top).stream().map(WindowTally::usage).toList())
                .setFeatures(features.size())
                .setFeatureSampling(features.sampling())
                .setFeaturesLeftOut(featuresLeftOut)
                .setRecurrentEdges(
                        edges.top(top).stream().map(WindowTally::edge).toList())
                .setEdges(edges.size())
                .setEdgeSampling(edges.sampling())
                .setEdgesLeftOut(edgesLeftOut)
                .setTrust(trust.write(TrustDistribution.newBuilder()
                        .setCompleteness(boxed(completeness))
                        .setReplacement(boxed(replacement))));
    }

    private static FeatureUsage usage(BoundedCounts.Counted<FeatureKey> counted) {
        return new FeatureUsage(
                NodeCode.layer(counted.key().code()),
                NodeCode.feature(counted.key().code()),
                counted.circuits(),
                Units.value(counted.units()));
    }

    private static RecurrentEdge edge(BoundedCounts.Counted<Edge> counted) {
        return new RecurrentEdge(
                place(counted.key().source()),
                place(counted.key().target()),
                counted.circuits(),
                Units.value(counted.units()) / counted.circuits());
    }

    private static FeaturePlace place(long code) {
        return new FeaturePlace(NodeCode.kind(code), NodeCode.layer(code), NodeCode.feature(code));
    }

    static List<Long> boxed(long[] counts) {
        return Arrays.stream(counts).boxed().toList();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
