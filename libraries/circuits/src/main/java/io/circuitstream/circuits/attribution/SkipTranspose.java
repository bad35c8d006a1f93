package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.InputSite;
import org.jspecify.annotations.Nullable;

/**
 * The transpose of one layer's skip: from m_l to resid_mid, through the input site with its norm frozen (circuits.md §3,
 * step 2). Nothing passes at masked positions.
 *
 * @param weight [d out, d in], gain included where the input site is after it
 * @param scale [T,1,1]: the norm's, 1 before the norm, 0 at masked positions
 */
record SkipTranspose(NDArray weight, NDArray scale) {

    /** Null where the layer has no skip; otherwise as long-lived as the manager. */
    static @Nullable SkipTranspose of(int layer, LocalReplacementModel local, NDManager manager) {
        NDArray skip = local.transcoder().skip(layer);
        if (skip == null) {
            return null;
        }
        NDArray weight = skip.transpose();
        NDArray scale = local.unmasked();
        if (local.transcoder().site() == InputSite.MLP_IN) {
            weight = weight.mul(local.model().mlpGain(layer));
            scale = scale.mul(local.pass().mlpScale()[layer]);
        }
        return new SkipTranspose(
                Tensors.keep(manager, weight), Tensors.keep(manager, scale.reshape(local.positions(), 1, 1)));
    }

    /** What g [T',B,d] at m_l becomes at resid_mid. */
    NDArray of(NDArray g, int length) {
        long batch = g.getShape().get(1);
        long d = g.getShape().get(2);
        return g.reshape(length * batch, d)
                .matMul(weight)
                .reshape(length, batch, d)
                .mul(scale.get(new NDIndex("0:" + length)));
    }
}
