package io.circuitstream.circuits.intervention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.RegatedReplacement;
import io.circuitstream.circuits.transcoder.InputSite;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs a prompt with something changed and says what moved (circuits.md §5). Thread-confined. */
public final class Interventions {
    /** Rows of one pass, above which nothing is gained by running more changes beside one another. */
    private static final int MOST_ROWS = 512;

    private final LocalReplacementModel local;

    public Interventions(LocalReplacementModel local) {
        this.local = local;
    }

    /** How many changes of a prompt run in one pass. */
    public static int together(LocalReplacementModel local) {
        return Math.max(1, MOST_ROWS / local.positions());
    }

    /**
     * What moved, changed minus clean.
     *
     * @param demeanedLogits [V] at the last position before a soft-cap, each minus the vocabulary's mean
     * @param preActivations [F] of the features that were active in the clean pass
     */
    public record Effect(double[] demeanedLogits, double[] preActivations) {}

    /**
     * What moved of what is watched, changed minus clean.
     *
     * @param target what the target reads
     * @param features pre-activations of the watched features
     * @param divergence KL(clean ‖ changed) of the next token's distribution, in nats
     */
    public record Moved(double target, double[] features, double divergence) {}

    /** Everything that moved. */
    public Effect run(Change change, Mode mode) {
        return measure(options(List.of(change), mode), mode, 1, this::effect).get(0);
    }

    /**
     * What every change moved of a readout and of some active features, several of them in one pass.
     *
     * @param features among the prompt's active ones
     */
    public List<Moved> run(List<Change> changes, Mode mode, Readout readout, int[] features) {
        return each(changes, mode, (changed, copy) -> moved(changed, copy, readout, features));
    }

    private static Moved moved(ChangedPass changed, int copy, Readout readout, int[] features) {
        return new Moved(
                changed.readout(readout, copy), changed.preActivations(features, copy), changed.divergence(copy));
    }

    /** How far every change moved one readout, several of them in one pass. */
    public List<Double> effects(List<Change> changes, Mode mode, Readout readout) {
        return each(changes, mode, (changed, copy) -> changed.readout(readout, copy));
    }

    /** How far one readout moved. */
    public double effect(Change change, Mode mode, Readout readout) {
        return effects(List.of(change), mode, readout).get(0);
    }

    /**
     * Everything that moved when features are held at other values.
     *
     * @param layers that are changed, in modes that do not encode anew
     * @throws InterventionException as {@link Change#of}, or if the model has no such layers
     */
    public Effect run(List<Intervention> interventions, Mode mode, Change.Layers layers) {
        return measure(options(interventions, mode, layers), mode, 1, this::effect)
                .get(0);
    }

    /** What moved of a readout and of some active features when features are held at other values. */
    public Moved run(
            List<Intervention> interventions, Mode mode, Change.Layers layers, Readout readout, int[] features) {
        return measure(
                        options(interventions, mode, layers),
                        mode,
                        1,
                        (changed, copy) -> moved(changed, copy, readout, features))
                .get(0);
    }

    /** How far one readout moved when features are held at other values. */
    public double effect(List<Intervention> interventions, Mode mode, Change.Layers layers, Readout readout) {
        return measure(options(interventions, mode, layers), mode, 1, (changed, copy) -> changed.readout(readout, copy))
                .get(0);
    }

    /** Logits [V] at the last position when features are held at other values, as the model caps them. */
    public float[] logits(List<Intervention> interventions, Mode mode, Change.Layers layers) {
        return measure(options(interventions, mode, layers), mode, 1, ChangedPass::logits)
                .get(0);
    }

    /** Logits [V] at the last position for every change, several of them in one pass. */
    public List<float[]> logits(List<Change> changes, Mode mode) {
        return each(changes, mode, ChangedPass::logits);
    }

    private Effect effect(ChangedPass changed, int copy) {
        int[] all = IntStream.range(0, local.features().count()).toArray();
        return new Effect(changed.demeanedLogits(copy), changed.preActivations(all, copy));
    }

    /** What is taken of one copy. */
    private interface Result<R> {
        R of(ChangedPass changed, int copy);
    }

    private <R> List<R> each(List<Change> changes, Mode mode, Result<R> result) {
        int together = together(local);
        List<R> results = new ArrayList<>();
        for (int from = 0; from < changes.size(); from += together) {
            List<Change> some = changes.subList(from, Math.min(changes.size(), from + together));
            results.addAll(measure(options(some, mode), mode, some.size(), result));
        }
        return results;
    }

    private <R> List<R> measure(Supplier<Forward.Options> options, Mode mode, int copies, Result<R> result) {
        TensorRuntime.enter();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            try (ForwardPass pass = Forward.run(local.model(), local.pass().tokens(), options.get())) {
                ChangedPass changed = new ChangedPass(local, pass, mode, copies);
                return IntStream.range(0, copies)
                        .mapToObj(copy -> result.of(changed, copy))
                        .toList();
            }
        }
    }

    private Supplier<Forward.Options> options(List<Intervention> interventions, Mode mode, Change.Layers layers) {
        if (!(mode instanceof Mode.Iterative iterative)) {
            return options(List.of(Change.of(local, interventions, layers)), mode);
        }
        Change.require(local, interventions);
        RegatedReplacement.Clamp clamp = (layer, activations) -> hold(interventions, layer, activations);
        ForwardPass patterns = iterative.frozenAttention() ? local.pass() : null;
        return () -> new Forward.Options(
                patterns, local.model().config().layers(), null, new RegatedReplacement(local, clamp), null);
    }

    /** Values of one layer's features that are held, from what they were on the prompt. */
    private void hold(List<Intervention> interventions, int layer, float[] activations) {
        for (Intervention i : interventions) {
            if (i.layer() == layer) {
                for (int p = i.from(); p < Math.min(i.to(), local.positions()); p++) {
                    activations[p * local.transcoder().features(layer) + i.feature()] =
                            i.value().of(local.activation(layer, i.feature(), p));
                }
            }
        }
    }

    private Supplier<Forward.Options> options(List<Change> changes, Mode mode) {
        int layers = local.model().config().layers();
        if (mode instanceof Mode.Iterative) {
            throw new IllegalArgumentException("the iterative mode encodes anew: give interventions, not a change");
        }
        if (mode instanceof Mode.Constrained constrained) {
            requireLayers(constrained, layers);
            boolean all = constrained.first() == 0 && constrained.last() == layers - 1;
            return () -> new Forward.Options(
                    constrained.frozenAttention() ? local.pass() : null,
                    constrained.last() + 1,
                    all ? local.pass() : null,
                    output(changes, layer -> layer >= constrained.first() && layer <= constrained.last(), true),
                    tensor(changes, Change::atEmbedding),
                    changes.size());
        }
        boolean direct = mode instanceof Mode.Direct;
        Mode.Model model = mode instanceof Mode.Model given ? given : new Mode.Model(true, true);
        return () -> new Forward.Options(
                model.frozenAttention() ? local.pass() : null,
                layers,
                model.frozenNorms() ? local.pass() : null,
                output(changes, layer -> direct, false),
                tensor(changes, Change::atEmbedding),
                changes.size());
    }

    private static void requireLayers(Mode.Constrained constrained, int layers) {
        if (constrained.last() >= layers) {
            throw new InterventionException("layers " + constrained.first() + " to " + constrained.last()
                    + " are not in a model of " + layers + " layers");
        }
    }

    /**
     * Clean outputs in some layers and the model's own in others, each with the changes.
     *
     * @param onlyFrozen the changes count only where outputs are the clean ones
     */
    private Forward.MlpOutput output(List<Change> changes, IntPredicate frozen, boolean onlyFrozen) {
        return (layer, input, own) -> {
            NDArray out = frozen.test(layer) ? frozenOutput(layer, input, changes.size()) : own.get();
            NDArray added = onlyFrozen && !frozen.test(layer)
                    ? null
                    : tensor(changes, change -> change.atOutput() == null ? null : change.atOutput()[layer]);
            return added == null ? out.duplicate() : out.add(added);
        };
    }

    /** The clean MLP output, and what the skip makes of the change of its input: the one thing that is not frozen. */
    private NDArray frozenOutput(int layer, Forward.MlpInput input, int copies) {
        long[] once = {copies, 1};
        NDArray clean = local.pass().mlpOut()[layer].tile(once);
        if (local.transcoder().skip(layer) == null) {
            return clean;
        }
        InputSite site = local.transcoder().site();
        NDArray moved = site.of(input).sub(site.in(local.pass(), layer).tile(once));
        return clean.add(local.skip(layer, moved));
    }

    /** What the changes add at one place, [C·T,d]; null where none of them adds anything. */
    private @Nullable NDArray tensor(List<Change> changes, Function<Change, float @Nullable []> at) {
        int d = local.model().config().width();
        int length = local.positions() * d;
        float[] all = null;
        for (int copy = 0; copy < changes.size(); copy++) {
            float[] one = at.apply(changes.get(copy));
            if (one != null) {
                all = all == null ? new float[changes.size() * length] : all;
                System.arraycopy(one, 0, all, copy * length, length);
            }
        }
        return all == null
                ? null
                : Tensors.of(local.model().manager(), all, (long) changes.size() * local.positions(), d);
    }
}
