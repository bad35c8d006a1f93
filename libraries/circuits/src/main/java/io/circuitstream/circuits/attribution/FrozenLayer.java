package io.circuitstream.circuits.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.model.Attention;
import io.circuitstream.circuits.model.Layer;
import io.circuitstream.circuits.model.Norm;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import org.jspecify.annotations.Nullable;

/**
 * One layer of the frozen model as its transpose needs it. What is linear and the same for every target is multiplied
 * out once for the prompt. Read-only, for all threads.
 *
 * @param sources what writes at the output site
 * @param output [d, H·dh]
 * @param value [KV·dh, d], with the norm's gain and centring
 * @param pattern [H, k, q], with the norm's frozen scale at k
 * @param constant [d, 1]: what attention yields whatever it looks at; null for nothing
 * @param postNorm after attention, null for none
 * @param postScale [T, 1, 1] of it
 */
record FrozenLayer(
        Sources sources,
        Attention attention,
        NDArray output,
        NDArray value,
        NDArray pattern,
        @Nullable NDArray constant,
        @Nullable Norm postNorm,
        @Nullable NDArray postScale,
        @Nullable SkipTranspose skip) {

    /** Lives as long as the manager. */
    static FrozenLayer of(int l, LocalReplacementModel local, Nodes nodes, NDManager manager) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            int length = local.positions();
            Layer layer = local.model().layer(l);
            Attention attention = layer.attention();
            Norm norm = layer.attentionNorm();
            NDArray scale = local.pass().attentionScale()[l].reshape(1, length, 1);
            NDArray constant = attention.constant(norm.bias());
            NDArray postScale = local.pass().attentionPostScale()[l];
            return new FrozenLayer(
                    Sources.at(l, local, nodes, manager),
                    attention,
                    attention.output().weight(),
                    Tensors.keep(
                            manager, norm.centred(attention.value().weight().mul(norm.gain()))),
                    Tensors.keep(
                            manager, local.pass().patterns()[l].swapAxes(1, 2).mul(scale)),
                    constant == null ? null : Tensors.keep(manager, constant.reshape(constant.size(), 1)),
                    layer.attentionPostNorm(),
                    postScale == null ? null : Tensors.keep(manager, postScale.reshape(length, 1, 1)),
                    SkipTranspose.of(l, local, manager));
        }
    }
}
