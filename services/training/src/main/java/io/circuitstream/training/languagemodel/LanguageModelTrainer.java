package io.circuitstream.training.languagemodel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.training.Progress;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.PackedBatch;
import io.circuitstream.training.corpus.Packer;
import io.circuitstream.training.corpus.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Trains a language model on the corpus: AdamW, clipped gradients, cross-entropy weighted towards answers. Single use. */
public final class LanguageModelTrainer {
    private static final double FIRST_MOMENT = .9;
    private static final double SECOND_MOMENT = .98;
    private static final float ADAM_EPSILON = 1e-8f;
    private static final int REPORT_EVERY = 50;

    private final LanguageModel model;
    private final TrainingPlan plan;
    private final List<NDArray> parameters;
    private final List<NDArray> firstMoments = new ArrayList<>();
    private final List<NDArray> secondMoments = new ArrayList<>();
    private final NDArray one;

    /** Takes the model over: it must not be used elsewhere until {@link #train} returned. */
    public LanguageModelTrainer(LanguageModel model, TrainingPlan plan) {
        this.model = model;
        this.plan = plan;
        this.parameters = model.parameters();
        this.one = model.manager().ones(new Shape());
        for (NDArray parameter : parameters) {
            firstMoments.add(parameter.zerosLike());
            secondMoments.add(parameter.zerosLike());
        }
    }

    /** Runs the whole plan and leaves the model trained. */
    public void train(Corpus corpus, Vocabulary vocabulary, Consumer<Progress> progress) {
        Random random = new Random(plan.seed());
        Packer packer = new Packer(vocabulary, plan.rows(), plan.length());
        parameters.forEach(parameter -> parameter.setRequiresGradient(true));
        long start = System.nanoTime();
        long tokens = 0;
        double loss = 0;
        int reported = 0;
        for (int step = 0; step < plan.steps(); step++) {
            PackedBatch batch = packer.next(corpus, random);
            loss += step(batch, step);
            tokens += batch.textTokens();
            int done = step + 1;
            if (done % REPORT_EVERY == 0 || done == plan.steps()) {
                double mean = loss / (done - reported);
                progress.accept(Progress.since(start, "train-model", done, plan.steps(), tokens, mean, "")
                        .withLearningRate(plan.learningRateAt(step)));
                loss = 0;
                reported = done;
            }
        }
        parameters.forEach(parameter -> parameter.setRequiresGradient(false));
    }

    /** One update; yields the loss before it. */
    private double step(PackedBatch batch, int step) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            JniUtils.setGradMode(true);
            NDArray loss = loss(batch);
            JniUtils.backward((PtNDArray) loss, (PtNDArray) one, false, false);
            JniUtils.setGradMode(false);
            update(step);
            return loss.getFloat();
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    /** Weighted mean over text tokens of −log p(target). */
    private NDArray loss(PackedBatch batch) {
        NDManager manager = model.manager();
        Shape shape = new Shape(batch.rows(), batch.length());
        NDArray targets = manager.create(batch.targets(), shape).expandDims(-1);
        NDArray weights = manager.create(weights(batch), shape).duplicate();
        return model.logits(batch, MlpHook.NONE)
                .logSoftmax(-1)
                .gather(targets, 2)
                .reshape(shape)
                .mul(weights)
                .sum();
    }

    /** Minus each token's share of the loss: 1 on answers, {@code promptWeight} elsewhere, 0 on padding, normalised. */
    private float[] weights(PackedBatch batch) {
        double[] raw = new double[batch.size()];
        double total = 0;
        for (int i = 0; i < raw.length; i++) {
            if (batch.isText(i)) {
                raw[i] = batch.isAnswer(i) ? 1 : plan.promptWeight();
                total += raw[i];
            }
        }
        float[] weights = new float[raw.length];
        for (int i = 0; i < raw.length; i++) {
            weights[i] = (float) (-raw[i] / total);
        }
        return weights;
    }

    private void update(int step) {
        List<PtNDArray> gradients = new ArrayList<>();
        NDArray squares = model.manager().zeros(new Shape());
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
