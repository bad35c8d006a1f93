package io.circuitstream.circuits.intervention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs a prompt with something changed and says what moved (circuits.md §5). Thread-confined. */
public final class Interventions {
    private final LocalReplacementModel local;

    public Interventions(LocalReplacementModel local) {
        this.local = local;
    }

    /** What recomputes after the change. */
    public enum Mode {
        /**
         * Nothing but the linear skip: MLP outputs, patterns and norm denominators are the clean ones. Equals the graph by
         * construction.
         */
        DIRECT,
        /** Everything: the underlying model with its own MLPs. The only mode that tests a claim about the model. */
        MODEL
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
        return measure(change, mode, changed -> new Effect(logits(changed), preActivations(changed, mode)));
    }

    /** How far one readout moved. */
    public double effect(Change change, Mode mode, Readout readout) {
        return measure(change, mode, changed -> moved(changed, mode, readout));
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

    private <R> R measure(Change change, Mode mode, Function<ForwardPass, R> result) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray[] at = new NDArray[local.model().config().layers()];
            for (int l = 0; l < at.length; l++) {
                at[l] = change.atOutput() == null ? null : tensor(change.atOutput()[l]);
            }
            ForwardPass clean = local.pass();
            ForwardPass frozen = mode == Mode.DIRECT ? clean : null;
            Forward.MlpOutput mlp = (layer, input, own) -> {
                NDArray out = mode == Mode.DIRECT ? frozenOutput(layer, input) : own.get();
                return at[layer] == null ? out.duplicate() : out.add(at[layer]);
            };
            try (ForwardPass changed = Forward.run(
                    local.model(),
                    clean.tokens(),
                    new Forward.Options(frozen, frozen, mlp, tensor(change.atEmbedding())))) {
                return result.apply(changed);
            }
        }
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

    /** z [T·F] of a layer: DIRECT along the tangents that the graph's rows are, MODEL as they are. */
    private float[] encoded(ForwardPass changed, Mode mode, int layer) {
        Transcoder transcoder = local.transcoder();
        NDArray input = transcoder.site().in(changed, layer);
        NDArray z =
                switch (mode) {
                    case DIRECT ->
                        transcoder.linearised(layer, input, transcoder.site().in(local.pass(), layer));
                    case MODEL -> transcoder.preActivations(layer, input);
                };
        return z.toFloatArray();
    }
}
