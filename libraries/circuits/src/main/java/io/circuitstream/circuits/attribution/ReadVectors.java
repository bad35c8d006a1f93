package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Reads;
import java.util.Arrays;
import java.util.List;

/** The vectors with which targets read the residual stream, norms frozen (circuits.md §2). */
final class ReadVectors {
    private final LocalReplacementModel local;
    private final int width;
    private final float[] unembeddingMean;

    ReadVectors(LocalReplacementModel local) {
        this.local = local;
        this.width = local.model().config().width();
        this.unembeddingMean = local.model().unembedding().mean(new int[] {0}).toFloatArray();
    }

    /** How features [from, to) of one layer read the stream at resid_mid. */
    Reads features(int layer, int from, int to) {
        Reads reads = local.transcoder()
                .reads(
                        layer,
                        Arrays.copyOfRange(local.features().index(), from, to),
                        Arrays.copyOfRange(local.features().position(), from, to),
                        local.transcoder().site().in(local.pass(), layer));
        float[] rows = reads.vectors();
        if (local.transcoder().site() == InputSite.MLP_IN) {
            float[] gain = local.model().mlpGain(layer).toFloatArray();
            float[] scale = local.pass().mlpScale()[layer].toFloatArray();
            for (int i = 0; i < to - from; i++) {
                float s = scale[local.features().position()[from + i]];
                for (int j = 0; j < width; j++) {
                    rows[i * width + j] *= s * gain[j];
                }
            }
        }
        return reads;
    }

    /** s_f·(g_f ∘ (U_k − mean U)) at the last position, [K·d]. */
    float[] logits(List<LogitTarget> targets) {
        LanguageModel model = local.model();
        float[] gain = model.finalGain().toFloatArray();
        float scale = local.pass().finalScale().toFloatArray()[local.positions() - 1];
        float[] rows = new float[targets.size() * width];
        for (int k = 0; k < targets.size(); k++) {
            try (NDArray column = model.unembedding().get(targets.get(k).tokenId())) {
                float[] u = column.toFloatArray();
                for (int j = 0; j < width; j++) {
                    rows[k * width + j] = scale * gain[j] * (u[j] - unembeddingMean[j]);
                }
            }
        }
        return rows;
    }
}
