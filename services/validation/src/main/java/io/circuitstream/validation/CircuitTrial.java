package io.circuitstream.validation;

import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Interventions.Moved;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.validation.Ablation;
import io.circuitstream.circuits.validation.AblationPlan;
import io.circuitstream.circuits.validation.Ablations;
import io.circuitstream.circuits.validation.ClaimProgress;
import io.circuitstream.circuits.validation.Claims.Measurement;
import io.circuitstream.circuits.validation.GradientPredictor;
import io.circuitstream.circuits.validation.JointAblation;
import io.circuitstream.circuits.validation.JointAblations;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.NodeKind;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One circuit's claims with what ablations gave for them. */
final class CircuitTrial {
    private final Circuit circuit;
    private final LocalReplacementModel local;
    private final Readout readout;
    private final CircuitEffects effects;
    private final int target;
    private final int[] watchedNodes;
    private final Map<Integer, Integer> watchedPlace = new HashMap<>();
    private final Map<Integer, GradientPredictor> gradients = new HashMap<>();
    private List<Integer> sources = List.of();
    private List<Ablation> ablations = List.of();
    private List<TestedSupernode> supernodes = List.of();

    /** @param readout what the circuit's first target reads */
    CircuitTrial(Circuit circuit, LocalReplacementModel local, Readout readout) {
        this.circuit = circuit;
        this.local = local;
        this.readout = readout;
        this.effects = new CircuitEffects(circuit);
        this.target = CircuitClaim.target(circuit);
        this.watchedNodes = IntStream.range(0, circuit.getNodes().size())
                .filter(i -> node(i).getKind() == NodeKind.FEATURE)
                .toArray();
        for (int k = 0; k < watchedNodes.length; k++) {
            watchedPlace.put(watchedNodes[k], k);
        }
    }

    /**
     * A claim and what was measured of it.
     *
     * @param direct the first target's change with everything frozen; 0 for a claim about a feature
     * @param bestOwnLayer predicted by the model's gradient
     * @param bestAllLayers predicted by the model's gradient
     */
    record Tested(
            CircuitClaim claim,
            Ablation ablation,
            Measurement measurement,
            double direct,
            double bestOwnLayer,
            double bestAllLayers) {}

    /** The same of a claim about several features; the first target is the only one. */
    record TestedSupernode(
            SupernodeClaim claim,
            JointAblation ablation,
            Measurement measurement,
            double bestOwnLayer,
            double bestAllLayers) {}

    /** Runs the ablations. */
    void run(int mostFeatures, AblationPlan plan, ClaimProgress progress) {
        Map<List<Integer>, Integer> active = active(local.features());
        sources = CircuitClaim.sources(circuit, mostFeatures);
        int[] features = sources.stream().mapToInt(i -> feature(active, i)).toArray();
        int[] watched = Arrays.stream(watchedNodes).map(i -> feature(active, i)).toArray();
        ablations = Ablations.run(local, features, readout, watched, plan, progress);
        List<SupernodeClaim> claims = SupernodeClaim.of(circuit, effects, mostFeatures);
        List<List<Integer>> groups = claims.stream()
                .map(claim ->
                        claim.members().stream().map(i -> feature(active, i)).toList())
                .toList();
        List<JointAblation> joint = JointAblations.run(local, groups, readout, plan);
        supernodes = IntStream.range(0, claims.size())
                .mapToObj(i -> tested(claims.get(i), joint.get(i)))
                .toList();
    }

    private TestedSupernode tested(SupernodeClaim claim, JointAblation ablation) {
        GradientPredictor gradient = gradient(target);
        return new TestedSupernode(
                claim,
                ablation,
                new Measurement(
                        claim.predicted(),
                        ablation.ownLayer().target(),
                        ablation.allLayers().target(),
                        ablation.controls().stream().map(Moved::target).toList()),
                ablation.features().stream()
                        .mapToDouble(f -> gradient.ablation(f, Layers.OWN))
                        .sum(),
                ablation.features().stream()
                        .mapToDouble(f -> gradient.ablation(f, Layers.ALL_WRITTEN))
                        .sum());
    }

    /** Those about proposed supernodes, the most influential first. */
    List<TestedSupernode> supernodes() {
        return supernodes;
    }

    /** All claims: knock-on ones first, of each kind by the influence of the source. */
    List<Tested> claims(int mostTargets) {
        return IntStream.range(0, sources.size())
                .boxed()
                .flatMap(s -> claims(s, mostTargets))
                .sorted(Comparator.comparing(tested -> !tested.claim().knockOn()))
                .toList();
    }

    private Stream<Tested> claims(int s, int mostTargets) {
        return CircuitClaim.of(circuit, effects, sources.get(s), mostTargets).stream()
                .map(claim -> tested(claim, ablations.get(s)));
    }

    private Tested tested(CircuitClaim claim, Ablation ablation) {
        GradientPredictor gradient = gradient(claim.target());
        return new Tested(
                claim,
                ablation,
                new Measurement(
                        claim.predicted(),
                        moved(ablation.ownLayer(), claim.target()),
                        moved(ablation.allLayers(), claim.target()),
                        ablation.controls().stream()
                                .map(control -> moved(control, claim.target()))
                                .toList()),
                claim.target() == target ? ablation.direct() : 0,
                gradient.ablation(ablation.feature(), Layers.OWN),
                gradient.ablation(ablation.feature(), Layers.ALL_WRITTEN));
    }

    private GradientPredictor gradient(int of) {
        return gradients.computeIfAbsent(
                of, node -> GradientPredictor.of(local, node == target ? readout : readout(node)));
    }

    private Readout readout(int node) {
        return new Readout.Feature(
                node(node).getLayer(), node(node).getFeature(), node(node).getPosition());
    }

    /** How far a feature of the circuit or the first target moved. */
    double moved(Moved moved, int node) {
        return node == target ? moved.target() : moved.features()[watchedPlace.get(node)];
    }

    /** Indices of the ablated features' nodes, most influential first. */
    List<Integer> sources() {
        return sources;
    }

    /** In the order of {@link #sources}. */
    List<Ablation> ablations() {
        return ablations;
    }

    CircuitEffects effects() {
        return effects;
    }

    /** Of the first target. */
    int target() {
        return target;
    }

    CircuitNode node(int index) {
        return circuit.getNodes().get(index);
    }

    /** Indices of the circuit's features. */
    int[] features() {
        return watchedNodes;
    }

    private int feature(Map<List<Integer>, Integer> active, int index) {
        CircuitNode node = node(index);
        Integer feature = active.get(List.of(node.getLayer(), node.getPosition(), node.getFeature()));
        if (feature == null) {
            throw new IllegalArgumentException("feature " + node.getId() + " of the circuit is not active");
        }
        return feature;
    }

    private static Map<List<Integer>, Integer> active(ActiveFeatures active) {
        Map<List<Integer>, Integer> index = new HashMap<>();
        for (int i = 0; i < active.count(); i++) {
            index.put(List.of(active.layer()[i], active.position()[i], active.index()[i]), i);
        }
        return index;
    }
}
