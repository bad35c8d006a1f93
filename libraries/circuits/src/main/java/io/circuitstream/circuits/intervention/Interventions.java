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
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a prompt with something changed and says what moved (circuits.md §5). Thread-confined. */
public final class Interventions {
    private final LocalReplacementModel local;

    public Interventions(LocalReplacementModel local) {
        this.local = local;
    }

    /**
     * What moved, changed minus clean.
     *
     * @param demeanedLogits [V] at the last position before a soft-cap, each minus the vocabulary's mean
     * @param preActivations [F] of the features that were active in the clean pass
     */
    public record Effect(double[] demeanedLogits, double[] preActivations) {}

    /** Everything that moved. */
    public Effect run(Change change, Mode mode) {
        return measure(options(change, mode), changed -> effect(changed, mode));
    }

    /** How far one readout moved. */
    public double effect(Change change, Mode mode, Readout readout) {
        return measure(options(change, mode), changed -> moved(changed, mode, readout));
    }

    /**
     * Everything that moved when features are held at other values.
     *
     * @param layers that are changed, in modes that do not encode anew
     * @throws IllegalArgumentException as {@link Change#of}
     */
    public Effect run(List<Intervention> interventions, Mode mode, Change.Layers layers) {
        return measure(options(interventions, mode, layers), changed -> effect(changed, mode));
    }

    /** How far one readout moved when features are held at other values. */
    public double effect(List<Intervention> interventions, Mode mode, Change.Layers layers, Readout readout) {
        return measure(options(interventions, mode, layers), changed -> moved(changed, mode, readout));
    }

    private Effect effect(ForwardPass changed, Mode mode) {
        return new Effect(logits(changed), preActivations(changed, mode));
    }

    private <R> R measure(Supplier<Forward.Options> options, Function<ForwardPass, R> result) {
        TensorRuntime.enter();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            try (ForwardPass changed = Forward.run(local.model(), local.pass().tokens(), options.get())) {
                return result.apply(changed);
            }
        }
    }

    private Supplier<Forward.Options> options(List<Intervention> interventions, Mode mode, Change.Layers layers) {
        if (!(mode instanceof Mode.Iterative iterative)) {
            return options(Change.of(local, interventions, layers), mode);
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

    private Supplier<Forward.Options> options(Change change, Mode mode) {
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
                    output(change, layer -> layer >= constrained.first() && layer <= constrained.last(), true),
                    tensor(change.atEmbedding()));
        }
        boolean direct = mode instanceof Mode.Direct;
        ForwardPass frozen = direct ? local.pass() : null;
        return () -> new Forward.Options(
                frozen, layers, frozen, output(change, layer -> direct, false), tensor(change.atEmbedding()));
    }

    private static void requireLayers(Mode.Constrained constrained, int layers) {
        if (constrained.last() >= layers) {
            throw new IllegalArgumentException("layers " + constrained.first() + " to " + constrained.last()
                    + " are not in a model of " + layers + " layers");
        }
    }

    /**
     * Clean outputs in some layers and the model's own in others, each with the change.
     *
     * @param onlyFrozen the change counts only where outputs are the clean ones
     */
    private Forward.MlpOutput output(Change change, IntPredicate frozen, boolean onlyFrozen) {
        return (layer, input, own) -> {
            NDArray out = frozen.test(layer) ? frozenOutput(layer, input) : own.get();
            float[] added =
                    change.atOutput() == null || (onlyFrozen && !frozen.test(layer)) ? null : change.atOutput()[layer];
            NDArray tensor = tensor(added);
            return tensor == null ? out.duplicate() : out.add(tensor);
        };
    }

    private double moved(ForwardPass changed, Mode mode, Readout readout) {
        if (readout instanceof Readout.Token token) {
            return logits(changed)[token.id()];
        }
        if (readout instanceof Readout.Difference difference) {
            double[] logits = logits(changed);
            return logits[difference.plus()] - logits[difference.minus()];
        }
        if (readout instanceof Readout.Vector vector) {
            float[] moved = movedNormed(changed).toFloatArray();
            double sum = 0;
            for (int j = 0; j < moved.length; j++) {
                sum += (double) moved[j] * vector.values()[j];
            }
            return sum;
        }
        Readout.Feature feature = (Readout.Feature) readout;
        int at = feature.position() * local.transcoder().features(feature.layer()) + feature.feature();
        double clean = local.preActivation(feature.layer(), feature.feature(), feature.position());
        return encoded(changed, mode, feature.layer())[at] - clean;
    }

    /** The clean MLP output, and what the skip makes of the change of its input: the one thing that is not frozen. */
    private NDArray frozenOutput(int layer, Forward.MlpInput input) {
        NDArray clean = local.pass().mlpOut()[layer];
        if (local.transcoder().skip(layer) == null) {
            return clean;
        }
        InputSite site = local.transcoder().site();
        NDArray moved = site.of(input).sub(site.in(local.pass(), layer));
        return clean.add(local.skip(layer, moved));
    }

    private @Nullable NDArray tensor(float @Nullable [] values) {
        return values == null
                ? null
                : Tensors.of(
                        local.model().manager(),
                        values,
                        local.positions(),
                        local.model().config().width());
    }

    /** The change [1,d] of what the unembedding reads at the last position. */
    private NDArray movedNormed(ForwardPass changed) {
        int last = local.positions() - 1;
        return changed.finalNormed()
                .get(last)
                .sub(local.pass().finalNormed().get(last))
                .reshape(1, local.model().config().width());
    }

    /** Unembeds the change of what the unembedding reads: subtracting two logits would lose their last digits. */
    private double[] logits(ForwardPass changed) {
        float[] change = movedNormed(changed)
                .matMul(local.model().unembedding().transpose())
                .toFloatArray();
        double mean = 0;
        for (float c : change) {
            mean += c;
        }
        mean /= change.length;
        double[] effect = new double[change.length];
        for (int v = 0; v < effect.length; v++) {
            effect[v] = change[v] - mean;
        }
        return effect;
    }

    private double[] preActivations(ForwardPass changed, Mode mode) {
        double[] effect = new double[local.features().count()];
        int[] start = local.features().layerStart();
        for (int l = 0; l < local.transcoder().layers(); l++) {
            float[] z = encoded(changed, mode, l);
            for (int i = start[l]; i < start[l + 1]; i++) {
                int at = local.features().position()[i] * local.transcoder().features(l)
                        + local.features().index()[i];
                effect[i] = (double) z[at] - local.features().activation()[i];
            }
        }
        return effect;
    }

    /** z [T·F] of a layer: DIRECT along the tangents that the graph's rows are, otherwise as they are. */
    private float[] encoded(ForwardPass changed, Mode mode, int layer) {
        Transcoder transcoder = local.transcoder();
        NDArray input = transcoder.site().in(changed, layer);
        NDArray z = mode instanceof Mode.Direct
                ? transcoder.linearised(layer, input, transcoder.site().in(local.pass(), layer))
                : transcoder.preActivations(layer, input);
        return z.toFloatArray();
    }
}
