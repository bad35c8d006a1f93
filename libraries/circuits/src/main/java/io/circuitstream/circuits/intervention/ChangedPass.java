package io.circuitstream.circuits.intervention;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.graph.UnembeddingReads;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.HashMap;
import java.util.Map;

/** What moved in one copy of a prompt that ran with a change, changed minus clean. */
final class ChangedPass {
    private final LocalReplacementModel local;
    private final ForwardPass pass;
    private final Mode mode;
    private final int copies;
    private final Map<Integer, float[]> encoded = new HashMap<>();

    /** @param copies of the prompt in the pass */
    ChangedPass(LocalReplacementModel local, ForwardPass pass, Mode mode, int copies) {
        this.local = local;
        this.pass = pass;
        this.mode = mode;
        this.copies = copies;
    }

    private int last(int copy) {
        return (copy + 1) * local.positions() - 1;
    }

    double readout(Readout readout, int copy) {
        if (!(readout instanceof Readout.Feature feature)) {
            float[] read = new UnembeddingReads(local.model()).of(readout);
            float[] moved = movedNormed(copy).toFloatArray();
            double sum = 0;
            for (int j = 0; j < moved.length; j++) {
                sum += (double) moved[j] * read[j];
            }
            return sum;
        }
        double clean = local.preActivation(feature.layer(), feature.feature(), feature.position());
        return z(feature.layer(), feature.feature(), feature.position(), copy) - clean;
    }

    /** Unembeds the change of what the unembedding reads, [V]: subtracting two logits would lose their last digits. */
    double[] demeanedLogits(int copy) {
        float[] change = movedNormed(copy)
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

    /** The change [1,d] of what the unembedding reads at the last position. */
    private NDArray movedNormed(int copy) {
        return pass.finalNormed()
                .get(last(copy))
                .sub(local.pass().finalNormed().get(last(0)))
                .reshape(1, local.model().config().width());
    }

    /** Of features that were active in the clean pass. */
    double[] preActivations(int[] features, int copy) {
        ActiveFeatures active = local.features();
        double[] effect = new double[features.length];
        for (int k = 0; k < features.length; k++) {
            int i = features[k];
            double z = z(active.layer()[i], active.index()[i], active.position()[i], copy);
            effect[k] = z - active.activation()[i];
        }
        return effect;
    }

    private double z(int layer, int feature, int position, int copy) {
        int row = copy * local.positions() + position;
        return encoded.computeIfAbsent(layer, this::encode)[
                row * local.transcoder().features(layer) + feature];
    }

    /** z [C·T·F] of a layer: DIRECT along the tangents that the graph's rows are, otherwise as they are. */
    private float[] encode(int layer) {
        Transcoder transcoder = local.transcoder();
        NDArray input = transcoder.site().in(pass, layer);
        NDArray z = mode instanceof Mode.Direct
                ? transcoder.linearised(
                        layer, input, transcoder.site().in(local.pass(), layer).tile(new long[] {copies, 1}))
                : transcoder.preActivations(layer, input);
        return z.toFloatArray();
    }

    /** [V] at the last position. */
    float[] logits(int copy) {
        return pass.logits(last(copy));
    }

    /** KL(clean ‖ changed) of the next token's distribution, in nats. */
    double divergence(int copy) {
        return Divergence.of(local.pass().logits(last(0)), logits(copy));
    }
}
