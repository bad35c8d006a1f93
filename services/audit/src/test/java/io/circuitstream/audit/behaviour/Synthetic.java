package io.circuitstream.audit.behaviour;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.CircuitPath;
import io.circuitstream.events.Columns;
import io.circuitstream.events.LogitTarget;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.TrustVerdict;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.serde.EventClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Made-up circuits of the size of real ones: each is about one of a few subjects, whose features occur together, as in a real stream.
 *
 * @param firstSubject of five subjects in a row from which a circuit takes one
 */
public record Synthetic(String scan, int firstSubject, int features, int edges) {
    public static final int LAYERS = 12;
    private static final int SUBJECTS = 5;
    private static final int OF_SUBJECT = 150;
    private static final int TOKENS = 10;

    static {
        EventClasses.trust();
    }

    public Circuit circuit(String promptId, Random random) {
        int subject = firstSubject + random.nextInt(SUBJECTS);
        List<CircuitNode> nodes = new ArrayList<>();
        for (int token = 0; token < TOKENS; token++) {
            nodes.add(node(NodeKind.TOKEN, -1, token, 100 + random.nextInt(50), random));
        }
        for (int layer = 0; layer < LAYERS; layer++) {
            nodes.add(node(NodeKind.ERROR, layer, random.nextInt(TOKENS), -1, random));
            for (int f = 0; f < features / LAYERS; f++) {
                int feature = subject * OF_SUBJECT + random.nextInt(OF_SUBJECT);
                nodes.add(node(NodeKind.FEATURE, layer, random.nextInt(TOKENS), feature, random));
            }
        }
        nodes.add(node(NodeKind.LOGIT, LAYERS, TOKENS - 1, 7, random));
        int[] source = new int[edges];
        int[] target = new int[edges];
        float[] weight = new float[edges];
        for (int e = 0; e < edges; e++) {
            source[e] = random.nextInt(nodes.size() - 1);
            target[e] = source[e] + 1 + random.nextInt(nodes.size() - source[e] - 1);
            weight[e] = (float) random.nextGaussian();
        }
        return empty(promptId)
                .setTokenIds(IntStream.range(0, TOKENS).boxed().toList())
                .setLayers(LAYERS)
                .setTargets(List.of(new LogitTarget(7, "seven", .625f, null, null, null)))
                .setNodes(nodes)
                .setEdgeSource(Columns.of(source))
                .setEdgeTarget(Columns.of(target))
                .setEdgeWeight(Columns.of(weight))
                .setCompletenessScore(.5 + random.nextDouble() / 2)
                .setReplacementScore(random.nextDouble())
                .setPaths(List.of(new CircuitPath(List.of(0, nodes.size() - 1), .25, 1.)))
                .build();
    }

    public Circuit failed(String promptId) {
        return empty(promptId).setStatus(Status.FAILED).setMessage("too long").build();
    }

    public ValidationReport report(String promptId, Random random) {
        double share = random.nextInt(5) / 4.;
        return ValidationReport.newBuilder()
                .setPromptId(promptId)
                .setStatus(Status.OK)
                .setRequest(PromptSubmitted.newBuilder().setPromptId(promptId).build())
                .setProvenance(provenance())
                .setConfirmedShare(share)
                .setReplacementAgrees(random.nextBoolean())
                .setVerdict(share >= .5 ? TrustVerdict.SUPPORTED : TrustVerdict.MIXED)
                .build();
    }

    private Circuit.Builder empty(String promptId) {
        return Circuit.newBuilder()
                .setPromptId(promptId)
                .setStatus(Status.OK)
                .setRequest(PromptSubmitted.newBuilder().setPromptId(promptId).build())
                .setProvenance(provenance());
    }

    private Provenance provenance() {
        return Provenance.newBuilder().setScan(scan).build();
    }

    private static CircuitNode node(NodeKind kind, int layer, int position, int feature, Random random) {
        return CircuitNode.newBuilder()
                .setId(kind + "_" + layer + "_" + feature + "_" + position)
                .setKind(kind)
                .setLayer(layer)
                .setPosition(position)
                .setFeature(feature)
                .setValue(1)
                .setInfluence(kind == NodeKind.LOGIT ? 0 : random.nextFloat() / 20)
                .setScore(.5f)
                .setEffect((float) random.nextGaussian())
                .build();
    }
}
