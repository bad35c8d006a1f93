package io.circuitstream.circuits.output;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Norm;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The tokens that features promote and suppress on the direct path: (Σ_l W_dec_{s→l}) · (g∘U_v − mean over the vocabulary), the sum over all
 * layers that the feature writes to, g the final norm's gain, its denominator left out. Later layers' responses are not in it.
 * Computed when asked for and kept for the features asked for last. Thread-safe.
 */
public final class TokenEffects {
    private static final int KEPT = 20_000;

    private final LanguageModel model;
    private final Transcoder transcoder;
    private final int count;
    private final Map<Long, Effects> kept = new LinkedHashMap<>(64, .75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Effects> eldest) {
            return size() > KEPT;
        }
    };

    /** Token ids with their effects, struct of arrays: promoted largest first, suppressed smallest first. */
    public record Effects(int[] promoted, float[] promotedEffect, int[] suppressed, float[] suppressedEffect) {}

    /** @param count how many tokens of each kind, or the whole vocabulary when that is smaller */
    public TokenEffects(TraceableModel model, int count) {
        this.model = model.model();
        this.transcoder = model.transcoder();
        this.count = count;
    }

    /** What a feature promotes and suppresses. @throws IndexOutOfBoundsException when there is no such feature */
    public Effects of(int layer, int feature) {
        if (layer < 0 || layer >= transcoder.layers() || feature < 0 || feature >= transcoder.features(layer)) {
            throw new IndexOutOfBoundsException("no feature " + layer + "/" + feature);
        }
        long key = (long) layer << 32 | feature;
        synchronized (kept) {
            Effects known = kept.get(key);
            if (known != null) {
                return known;
            }
        }
        Effects computed = ranked(effects(layer, feature));
        synchronized (kept) {
            kept.put(key, computed);
        }
        return computed;
    }

    /** Of every token, [V]; their mean is 0. */
    float[] effects(int layer, int feature) {
        int width = transcoder.width();
        float[] rows = transcoder.decoderRows(layer, new int[] {feature});
        float[] sum = new float[width];
        for (int i = 0; i < rows.length; i++) {
            sum[i % width] += rows[i];
        }
        TensorRuntime.enter();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Norm norm = model.finalNorm();
            NDArray written =
                    norm.centred(Tensors.of(model.manager(), sum, 1, width)).mul(norm.gain());
            NDArray effects =
                    model.unembedding().matMul(written.reshape(width, 1)).reshape(-1);
            return effects.sub(effects.mean()).toFloatArray();
        }
    }

    private Effects ranked(float[] effects) {
        int[] promoted = first(effects, Comparator.comparingDouble((Integer v) -> -effects[v]));
        int[] suppressed = first(effects, Comparator.comparingDouble((Integer v) -> effects[v]));
        return new Effects(promoted, pick(effects, promoted), suppressed, pick(effects, suppressed));
    }

    /** The first tokens in an order, ties by id. */
    private int[] first(float[] effects, Comparator<Integer> order) {
        Comparator<Integer> total = order.thenComparing(Comparator.naturalOrder());
        PriorityQueue<Integer> best = new PriorityQueue<>(total.reversed());
        for (int v = 0; v < effects.length; v++) {
            best.add(v);
            if (best.size() > count) {
                best.remove();
            }
        }
        return best.stream().sorted(total).mapToInt(Integer::intValue).toArray();
    }

    private static float[] pick(float[] values, int[] at) {
        float[] picked = new float[at.length];
        for (int i = 0; i < at.length; i++) {
            picked[i] = values[at[i]];
        }
        return picked;
    }
}
