package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;

/** A folded transcoder as DJL arrays, for evaluation on whole batches. Owns its arrays until closed. Not thread-safe. */
final class TranscoderArrays implements AutoCloseable {
    final TranscoderShape shape;
    private final NDManager manager;
    private final List<Layer> layers = new ArrayList<>();

    private record Layer(
            NDArray encoder, NDArray encoderBias, NDArray threshold, NDArray decoder, NDArray decoderBias) {}

    TranscoderArrays(FoldedTranscoder folded, NDManager parent) {
        shape = folded.shape;
        manager = parent.newSubManager();
        int features = shape.features();
        for (int i = 0; i < shape.layers(); i++) {
            layers.add(new Layer(
                    manager.create(folded.encoder[i], new Shape(features, shape.width())),
                    manager.create(folded.encoderBias[i]),
                    manager.create(folded.threshold[i]),
                    manager.create(folded.decoder[i], new Shape(features, shape.decoderWidth(i))),
                    manager.create(folded.decoderBias[i])));
        }
    }

    /** Activations {@code [.., features]} of one layer from its raw input site {@code [.., width]}. */
    NDArray encode(int layer, NDArray input) {
        Layer weights = layers.get(layer);
        NDArray z = JniUtils.linear((PtNDArray) input, (PtNDArray) weights.encoder, (PtNDArray) weights.encoderBias);
        return z.mul(z.gt(weights.threshold).toType(DataType.FLOAT32, false));
    }

    /** Predicted raw output site of one layer, from the activations of it and of all layers below. */
    NDArray decode(int layer, List<NDArray> activations) {
        NDArray sum = layers.get(layer).decoderBias;
        for (int source = 0; source <= layer; source++) {
            int slot = (layer - source) * shape.width();
            NDArray weights = layers.get(source).decoder.get(new NDIndex(":," + slot + ":" + (slot + shape.width())));
            sum = activations.get(source).matMul(weights).add(sum);
        }
        return sum;
    }

    @Override
    public void close() {
        manager.close();
    }
}
