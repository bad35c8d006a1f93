package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.circuitstream.circuits.model.Norm;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.InputSite;
import org.jspecify.annotations.Nullable;

/**
 * The transpose of one layer's skip: from m_l to resid_mid, through the input site with its norm frozen (circuits.md §3,
 * step 2). Nothing passes at masked positions.
 *
 * @param weight [d out, d in]
 * @param scale [T,1,1]: the norm's
 * @param unmasked [T,1,1]: 0 at masked positions, 1 elsewhere
 */
record SkipTranspose(NDArray weight, InputSite site, Norm norm, NDArray scale, NDArray unmasked) {

    /** Null where the layer has no skip; otherwise as long-lived as the manager. */
    static @Nullable SkipTranspose of(int layer, LocalReplacementModel local, NDManager manager) {
        NDArray skip = local.transcoder().skip(layer);
        if (skip == null) {
            return null;
        }
        int length = local.positions();
        return new SkipTranspose(
                Tensors.keep(manager, skip.transpose().duplicate()),
                local.transcoder().site(),
                local.model().layer(layer).mlpNorm(),
                Tensors.keep(manager, local.pass().mlpScale()[layer].reshape(length, 1, 1)),
                Tensors.keep(manager, local.unmasked(1).reshape(length, 1, 1)));
    }

    /** What g [T',B,d] at m_l becomes at resid_mid. */
    NDArray of(NDArray g, int length) {
        long batch = g.getShape().get(1);
        long d = g.getShape().get(2);
        NDArray atSite = g.reshape(length * batch, d).matMul(weight).reshape(length, batch, d);
        NDIndex positions = new NDIndex("0:" + length);
        return site.transposed(atSite, norm, scale.get(positions)).mul(unmasked.get(positions));
    }
}
