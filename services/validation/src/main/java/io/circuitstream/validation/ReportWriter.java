package io.circuitstream.validation;

import io.circuitstream.circuits.validation.Ablation;
import io.circuitstream.circuits.validation.Claims;
import io.circuitstream.circuits.validation.Claims.Ground;
import io.circuitstream.circuits.validation.Claims.Measurement;
import io.circuitstream.circuits.validation.Claims.Verdict;
import io.circuitstream.events.Claim;
import io.circuitstream.events.ClaimKind;
import io.circuitstream.events.ClaimVerdict;
import io.circuitstream.events.Columns;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.Predictor;
import io.circuitstream.events.SweepPoint;
import io.circuitstream.events.TrustVerdict;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.validation.CircuitTrial.Tested;
import io.circuitstream.validation.CircuitTrial.TestedSupernode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** From measurements to the event. */
final class ReportWriter {
    private final CircuitTrial trial;
    private final List<Tested> claims;

    ReportWriter(CircuitTrial trial, List<Tested> claims) {
        this.trial = trial;
        this.claims = claims;
    }

    void write(Ground ground, ValidationReport.Builder event) {
        List<Measurement> measurements = Stream.concat(
                        claims.stream().map(Tested::measurement),
                        trial.supernodes().stream().map(TestedSupernode::measurement))
                .toList();
        long confirmed = Claims.count(measurements, Verdict.CONFIRMED);
        event.setClaims(Stream.concat(
                                claims.stream().map(this::claim),
                                trial.supernodes().stream().map(this::claim))
                        .toList())
                .setConfirmed((int) confirmed)
                .setRefuted((int) Claims.count(measurements, Verdict.REFUTED))
                .setInconclusive((int) Claims.count(measurements, Verdict.INCONCLUSIVE))
                .setConfirmedShare(measurements.isEmpty() ? null : (double) confirmed / measurements.size())
                .setWorstDirectError(claims.stream()
                        .filter(c -> c.claim().directPredicted() != 0 && aboutFirst(c))
                        .mapToDouble(c -> Math.abs(c.direct() - c.claim().directPredicted()))
                        .max()
                        .orElse(0))
                .setCompleteness(ground.completeness())
                .setReplacementAgrees(ground.replacementAgrees())
                .setVerdict(trust(Claims.trust(measurements, ground)));
        Agreement.write(trial, claims, event);
        edges(event);
    }

    private boolean aboutFirst(Tested tested) {
        return tested.claim().target() == trial.target();
    }

    private Claim claim(Tested tested) {
        CircuitClaim claim = tested.claim();
        Ablation ablation = tested.ablation();
        Claim.Builder event = Claim.newBuilder()
                .setSource(trial.node(claim.source()).getId())
                .setTarget(trial.node(claim.target()).getId())
                .setKind(claim.knockOn() ? ClaimKind.KNOCK_ON : ClaimKind.DIRECT)
                .setPredicted(claim.predicted())
                .setDirect(tested.direct())
                .setDirectPredicted(claim.directPredicted())
                .setBestPredictor(Predictor.MODEL_GRADIENT)
                .setBestPredictedOwnLayer(tested.bestOwnLayer())
                .setBestPredictedAllLayers(tested.bestAllLayers())
                .setMeasuredOwnLayer(tested.measurement().ownLayer())
                .setMeasuredAllLayers(tested.measurement().allLayers())
                .setControls(tested.measurement().controls())
                .setDivergence(ablation.ownLayer().divergence())
                .setVerdict(verdict(tested.measurement().verdict()));
        if (aboutFirst(tested)) {
            event.setSweep(ablation.sweep().stream()
                            .map(s -> new SweepPoint(s.factor(), s.ownLayer()))
                            .toList())
                    .setConstrained(ablation.constrained());
        }
        return event.build();
    }

    private Claim claim(TestedSupernode tested) {
        SupernodeClaim claim = tested.claim();
        List<String> members =
                claim.members().stream().map(i -> trial.node(i).getId()).toList();
        return Claim.newBuilder()
                .setSource(members.get(0))
                .setSources(members)
                .setTarget(trial.node(trial.target()).getId())
                .setKind(claim.knockOn() ? ClaimKind.KNOCK_ON : ClaimKind.DIRECT)
                .setPredicted(claim.predicted())
                .setDirect(tested.ablation().direct())
                .setDirectPredicted(claim.directPredicted())
                .setBestPredictor(Predictor.MODEL_GRADIENT)
                .setBestPredictedOwnLayer(tested.bestOwnLayer())
                .setBestPredictedAllLayers(tested.bestAllLayers())
                .setMeasuredOwnLayer(tested.measurement().ownLayer())
                .setMeasuredAllLayers(tested.measurement().allLayers())
                .setControls(tested.measurement().controls())
                .setDivergence(tested.ablation().ownLayer().divergence())
                .setVerdict(verdict(tested.measurement().verdict()))
                .build();
    }

    /** Edges from ablated features, whose targets moved in the same runs. */
    private void edges(ValidationReport.Builder event) {
        CircuitEffects effects = trial.effects();
        Map<Integer, Integer> ablated = new HashMap<>();
        for (int s = 0; s < trial.sources().size(); s++) {
            ablated.put(trial.sources().get(s), s);
        }
        int[] edges = IntStream.range(0, effects.edges())
                .filter(e -> ablated.containsKey(effects.source(e)) && measured(effects.target(e)))
                .toArray();
        Map<Integer, double[]> changes = new HashMap<>();
        float[] predicted = new float[edges.length];
        float[] ownLayer = new float[edges.length];
        float[] allLayers = new float[edges.length];
        for (int k = 0; k < edges.length; k++) {
            int source = effects.source(edges[k]);
            int target = effects.target(edges[k]);
            Ablation ablation = trial.ablations().get(ablated.get(source));
            predicted[k] = (float) changes.computeIfAbsent(source, effects::ablation)[target];
            ownLayer[k] = (float) trial.moved(ablation.ownLayer(), target);
            allLayers[k] = (float) trial.moved(ablation.allLayers(), target);
        }
        event.setTestedEdge(Columns.of(edges))
                .setEdgePredicted(Columns.of(predicted))
                .setEdgeOwnLayer(Columns.of(ownLayer))
                .setEdgeAllLayers(Columns.of(allLayers));
    }

    /** Features and the first target are; other targets are not. */
    private boolean measured(int node) {
        return node == trial.target() || trial.node(node).getKind() == NodeKind.FEATURE;
    }

    private static ClaimVerdict verdict(Verdict verdict) {
        return switch (verdict) {
            case CONFIRMED -> ClaimVerdict.CONFIRMED;
            case REFUTED -> ClaimVerdict.REFUTED;
            case INCONCLUSIVE -> ClaimVerdict.INCONCLUSIVE;
        };
    }

    private static TrustVerdict trust(Claims.Trust trust) {
        return switch (trust) {
            case UNTESTED -> TrustVerdict.UNTESTED;
            case SUPPORTED -> TrustVerdict.SUPPORTED;
            case MIXED -> TrustVerdict.MIXED;
            case UNSUPPORTED -> TrustVerdict.UNSUPPORTED;
        };
    }
}
