package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link SparseStep} is measured against: the same loss of a cross-layer transcoder as dense tensor products with
 * autograd and the library's Adam, one product for each source layer's encoder and for all of its decoders together.
 */
final class DenseStep {
    private final NDManager manager;
    private final TranscoderShape shape;
    private final List<NDArray> parameters = new ArrayList<>();
    private final List<NDArray> firstMoments = new ArrayList<>();
    private final List<NDArray> secondMoments = new ArrayList<>();
    private final List<NDArray> encoders = new ArrayList<>();
    private final List<NDArray> encoderBiases = new ArrayList<>();
    private final List<NDArray> thresholds = new ArrayList<>();
    private final List<NDArray> decoders = new ArrayList<>();
    private final List<NDArray> decoderBiases = new ArrayList<>();
    private int step;

    /** Takes the weights of a transcoder, so that the same share of features is active. */
    DenseStep(SparseTranscoder from, NDManager manager) {
        this.manager = manager;
        this.shape = from.shape;
        for (int layer = 0; layer < shape.layers(); layer++) {
            int span = shape.span(layer) * shape.width();
            encoders.add(parameter(from.encoder.get(layer).flat(), shape.features(), shape.width()));
            encoderBiases.add(parameter(from.encoderBias.get(layer).flat(), shape.features()));
            thresholds.add(parameter(from.threshold[layer], shape.features()));
            float[] decoder = new float[shape.features() * span];
            for (int target = layer; target < shape.layers(); target++) {
                float[][] rows = from.decoder(layer, target);
                for (int feature = 0; feature < shape.features(); feature++) {
                    System.arraycopy(
                            rows[feature],
                            0,
                            decoder,
                            feature * span + (target - layer) * shape.width(),
                            shape.width());
                }
            }
            decoders.add(parameter(decoder, shape.features(), span));
            decoderBiases.add(parameter(from.decoderBias.get(layer).flat(), shape.width()));
        }
    }

    private NDArray parameter(float[] values, long... size) {
        NDArray parameter = manager.create(values, new Shape(size)).duplicate();
        parameter.setRequiresGradient(true);
        parameters.add(parameter);
        firstMoments.add(parameter.zerosLike());
        secondMoments.add(parameter.zerosLike());
        return parameter;
    }

    /** One update; inputs and outputs by layer, {@code [tokens, width]}. Yields the loss before it. */
    double run(NDArray[] inputs, NDArray[] outputs, double lambda, double learningRate) {
        step++;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            JniUtils.setGradMode(true);
            NDArray loss = loss(inputs, outputs, lambda);
            JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.ones(new Shape()), false, false);
            JniUtils.setGradMode(false);
            update(learningRate);
            return loss.getFloat();
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    private NDArray loss(NDArray[] inputs, NDArray[] outputs, double lambda) {
        NDArray[] sums = new NDArray[shape.layers()];
        NDArray loss = manager.zeros(new Shape());
        double tokens = inputs[0].getShape().get(0);
        for (int source = 0; source < shape.layers(); source++) {
            NDArray z = JniUtils.linear((PtNDArray) inputs[source], (PtNDArray) encoders.get(source), (PtNDArray)
                    encoderBiases.get(source));
            NDArray threshold = thresholds.get(source);
            NDArray gate = z.gt(threshold).toType(DataType.FLOAT32, false);
            NDArray window = z.sub(threshold)
                    .abs()
                    .lt(SparseStep.WINDOW / 2)
                    .toType(DataType.FLOAT32, false)
                    .mul(threshold.stopGradient())
                    .mul(scalar(-1 / SparseStep.WINDOW))
                    .stopGradient();
            NDArray a = z.mul(gate).add(threshold.sub(threshold.stopGradient()).mul(window));
            NDArray norm = decoders.get(source)
                    .square()
                    .sum(new int[] {1})
                    .add(scalar(1e-8))
                    .sqrt();
            NDArray penalty =
                    a.mul(norm).mul(scalar(WeightGradients.SATURATION)).tanh().sum();
            loss = loss.add(penalty.mul(scalar(lambda / tokens)));
            NDArray written = a.matMul(decoders.get(source));
            for (int target = source; target < shape.layers(); target++) {
                int slot = (target - source) * shape.width();
                NDArray part = written.get(new NDIndex(":," + slot + ":" + (slot + shape.width())));
                sums[target] = sums[target] == null ? part : sums[target].add(part);
            }
        }
        for (int target = 0; target < shape.layers(); target++) {
            NDArray error = sums[target].add(decoderBiases.get(target)).sub(outputs[target]);
            loss = loss.add(error.square().sum().mul(scalar(1 / tokens / shape.width())));
        }
        return loss;
    }

    private NDArray scalar(double value) {
        return manager.full(new Shape(), (float) value);
    }

    private void update(double learningRate) {
        double corrected = learningRate * Math.sqrt(1 - Math.pow(.999, step)) / (1 - Math.pow(.9, step));
        for (int i = 0; i < parameters.size(); i++) {
            PtNDArray parameter = (PtNDArray) parameters.get(i);
            JniUtils.adamUpdate(
                    parameter,
                    JniUtils.getGradient(parameter),
                    (PtNDArray) firstMoments.get(i),
                    (PtNDArray) secondMoments.get(i),
                    (float) learningRate,
                    (float) corrected,
                    0f,
                    1f,
                    -1f,
                    .9f,
                    .999f,
                    1e-8f,
                    false);
            JniUtils.zeroGrad(parameter);
        }
    }
}
