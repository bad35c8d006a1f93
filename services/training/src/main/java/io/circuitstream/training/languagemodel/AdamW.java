package io.circuitstream.training.languagemodel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.training.checkpoint.Content;
import java.util.ArrayList;
import java.util.List;

/** Adam with decoupled weight decay on matrices and gradients clipped by their common norm; changes a model in place. */
final class AdamW {
    private static final double FIRST_MOMENT = .9;
    private static final double SECOND_MOMENT = .98;
    private static final float ADAM_EPSILON = 1e-8f;

    private final NDManager manager;
    private final TrainingPlan plan;
    private final List<NDArray> parameters;
    private final List<NDArray> firstMoments = new ArrayList<>();
    private final List<NDArray> secondMoments = new ArrayList<>();

    AdamW(LanguageModel model, TrainingPlan plan) {
        this.manager = model.manager();
        this.plan = plan;
        this.parameters = model.parameters();
        for (NDArray parameter : parameters) {
            firstMoments.add(parameter.zerosLike());
            secondMoments.add(parameter.zerosLike());
        }
    }

    /** From here on gradients are recorded. */
    void begin() {
        parameters.forEach(parameter -> parameter.setRequiresGradient(true));
    }

    void end() {
        parameters.forEach(parameter -> parameter.setRequiresGradient(false));
    }

    /** Adds parameters and moments. */
    void save(Content content) {
        for (int i = 0; i < parameters.size(); i++) {
            content.putFloats(name("parameter", i), parameters.get(i).toFloatArray());
            content.putFloats(name("moment1", i), firstMoments.get(i).toFloatArray());
            content.putFloats(name("moment2", i), secondMoments.get(i).toFloatArray());
        }
    }

    /** Takes parameters and moments over, to the bit. Before {@link #begin}. */
    void restore(Content content) {
        for (int i = 0; i < parameters.size(); i++) {
            restore(parameters.get(i), content, name("parameter", i));
            restore(firstMoments.get(i), content, name("moment1", i));
            restore(secondMoments.get(i), content, name("moment2", i));
        }
    }

    private void restore(NDArray array, Content content, String name) {
        float[] values = content.floats(name, Math.toIntExact(array.size()));
        try (NDArray borrowed = manager.create(values, array.getShape())) {
            array.set(new NDIndex("..."), borrowed);
        }
    }

    private static String name(String kind, int index) {
        return kind + "." + index;
    }

    /** One update from the gradients that were recorded; {@code step} counts from 0. */
    void update(int step) {
        List<PtNDArray> gradients = new ArrayList<>();
        NDArray squares = manager.zeros(new Shape());
        for (NDArray parameter : parameters) {
            PtNDArray gradient = JniUtils.getGradient((PtNDArray) parameter);
            gradients.add(gradient);
            squares = squares.add(gradient.square().sum());
        }
        double norm = Math.sqrt(squares.getFloat());
        if (!Double.isFinite(norm)) {
            throw new ArithmeticException("gradients are not finite at step " + step + "; lower the learning rate");
        }
        float rescale = (float) Math.min(1, plan.gradientNorm() / norm);
        double rate = plan.learningRateAt(step);
        // The engine wants the absolute rate with Adam's bias correction already in it.
        double corrected =
                rate * Math.sqrt(1 - Math.pow(SECOND_MOMENT, step + 1)) / (1 - Math.pow(FIRST_MOMENT, step + 1));
        for (int i = 0; i < gradients.size(); i++) {
            PtNDArray parameter = (PtNDArray) parameters.get(i);
            if (parameter.getShape().dimension() > 1) {
                parameter.muli((float) (1 - rate * plan.weightDecay()));
            }
            JniUtils.adamUpdate(
                    parameter,
                    gradients.get(i),
                    (PtNDArray) firstMoments.get(i),
                    (PtNDArray) secondMoments.get(i),
                    (float) rate,
                    (float) corrected,
                    0f,
                    rescale,
                    -1f,
                    (float) FIRST_MOMENT,
                    (float) SECOND_MOMENT,
                    ADAM_EPSILON,
                    false);
            JniUtils.zeroGrad(parameter);
        }
    }
}
