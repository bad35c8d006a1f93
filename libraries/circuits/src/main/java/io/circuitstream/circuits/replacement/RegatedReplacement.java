package io.circuitstream.circuits.replacement;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.function.Supplier;

/**
 * The local replacement model, thawed: features encode anew from the stream as it is, the errors stay, so that nothing moves
 * until something is changed. One instance for one pass.
 */
public final class RegatedReplacement implements Forward.MlpOutput {
    private final LocalReplacementModel local;
    private final Clamp clamp;
    private final FeatureWrites moved;

    /** What holds features at other values. */
    @FunctionalInterface
    public interface Clamp {

        /** Changes one layer's activations [T·F] in place. */
        void apply(int layer, float[] activations);
    }

    public RegatedReplacement(LocalReplacementModel local, Clamp clamp) {
        this.local = local;
        this.clamp = clamp;
        this.moved = new FeatureWrites(local.transcoder(), local.positions(), local.masked());
    }

    /** m_l + Σ_{s≤l} (a′_s − a_s) W_dec_{s→l} + (u′_l − u_l) W_skip_l. */
    @Override
    public NDArray of(int layer, Forward.MlpInput read, Supplier<NDArray> own) {
        Transcoder transcoder = local.transcoder();
        NDArray input = transcoder.site().of(read);
        float[] a = transcoder.activations(
                layer, transcoder.preActivations(layer, input).toFloatArray());
        clamp.apply(layer, a);
        ActiveFeatures clean = local.features();
        for (int i = clean.layerStart()[layer]; i < clean.layerStart()[layer + 1]; i++) {
            a[clean.position()[i] * transcoder.features(layer) + clean.index()[i]] -= clean.activation()[i];
        }
        moved.add(layer, a);
        NDArray change = Tensors.of(local.model().manager(), moved.at(layer), local.positions(), transcoder.width());
        NDArray skip = local.skip(layer, input.sub(transcoder.site().in(local.pass(), layer)));
        NDArray output = local.pass().mlpOut()[layer].add(change);
        return skip == null ? output : output.add(skip);
    }
}
