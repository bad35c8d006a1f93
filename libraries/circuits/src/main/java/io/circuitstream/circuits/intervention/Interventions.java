package io.circuitstream.circuits.intervention;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
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

    /** Only the change of the demeaned logits, [V]: no feature is encoded again. */
    public double[] logitEffect(Change change, Mode mode) {
        return measure(change, mode, this::logits);
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

    /** Unembeds the difference of what the unembedding reads: subtracting two logits would lose their last digits. */
    private double[] logits(ForwardPass changed) {
        int last = local.positions() - 1;
        NDArray moved = changed.finalNormed()
                .get(last)
                .sub(local.pass().finalNormed().get(last))
                .reshape(1, local.model().config().width());
        float[] change = moved.matMul(local.model().unembedding().transpose()).toFloatArray();
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

    /** DIRECT along the tangents that the graph's rows are, MODEL as they are. */
    private double[] preActivations(ForwardPass changed, Mode mode) {
        Transcoder transcoder = local.transcoder();
        double[] effect = new double[local.features().count()];
        int[] start = local.features().layerStart();
        for (int l = 0; l < transcoder.layers(); l++) {
            NDArray input = transcoder.site().in(changed, l);
            NDArray encoded =
                    switch (mode) {
                        case DIRECT ->
                            transcoder.linearised(l, input, transcoder.site().in(local.pass(), l));
                        case MODEL -> transcoder.preActivations(l, input);
                    };
            float[] z = encoded.toFloatArray();
            for (int i = start[l]; i < start[l + 1]; i++) {
                int at = local.features().position()[i] * transcoder.features(l)
                        + local.features().index()[i];
                effect[i] = (double) z[at] - local.features().activation()[i];
            }
        }
        return effect;
    }
}
