package io.circuitstream.training.languagemodel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.training.Progress;
import io.circuitstream.training.TrainingMeter;
import io.circuitstream.training.TrainingRun;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.checkpoint.Content;
import io.circuitstream.training.checkpoint.Fingerprint;
import io.circuitstream.training.checkpoint.UnfinishedRunException;
import io.circuitstream.training.corpus.LineSource;
import io.circuitstream.training.corpus.PackedBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Trains a language model on lines: AdamW, clipped gradients, cross-entropy weighted towards answers. Single use. */
public final class LanguageModelTrainer {
    private static final int REPORT_EVERY = 50;

    private final LanguageModel model;
    private final TrainingPlan plan;
    private final AdamW optimizer;
    private final NDArray one;

    /** Takes the model over: it must not be used elsewhere until {@link #train} returned. */
    public LanguageModelTrainer(LanguageModel model, TrainingPlan plan) {
        this.model = model;
        this.plan = plan;
        this.optimizer = new AdamW(model, plan);
        this.one = model.manager().ones(new Shape());
    }

    /** Runs the whole plan without saving it on the way, and leaves the model trained. */
    public TrainingRun train(LineSource lines, Consumer<Progress> progress) {
        try {
            return train(lines, Optional.empty(), progress);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Runs what is left of the plan, saving as it goes; the last checkpoint stays, for the caller to delete when the weights are
     * written. The weights are the same to the bit however often the run was interrupted.
     *
     * @throws UnfinishedRunException if the checkpoint belongs to another run, or is not to be continued
     * @throws IOException if a checkpoint cannot be written; the one before it is still there
     */
    public TrainingRun train(LineSource lines, Checkpoints checkpoints, Consumer<Progress> progress)
            throws IOException {
        return train(lines, Optional.of(checkpoints), progress);
    }

    private TrainingRun train(LineSource lines, Optional<Checkpoints> checkpoints, Consumer<Progress> progress)
            throws IOException {
        BatchStream batches = new BatchStream(lines, plan);
        TrainingMeter meter = new TrainingMeter("train-model", plan.steps(), REPORT_EVERY);
        SortedMap<String, String> fingerprint = new TreeMap<>();
        if (checkpoints.isPresent()) {
            fingerprint.putAll(fingerprint(lines));
            checkpoints.get().start(fingerprint).ifPresent(found -> {
                optimizer.restore(found);
                batches.restore(found);
                meter.restore(found);
            });
        }
        optimizer.begin();
        for (int step = meter.step(); step < plan.steps(); step++) {
            PackedBatch batch = batches.next();
            Optional<Progress> report = meter.add(step(batch, step), batch.textTokens());
            if (checkpoints.isPresent() && checkpoints.get().due(meter.step(), plan.steps())) {
                Content content = new Content(meter.step(), plan.steps());
                optimizer.save(content);
                batches.save(content);
                meter.save(content);
                checkpoints.get().save(fingerprint, content);
            }
            double rate = plan.learningRateAt(step);
            report.map(bare -> bare.withLearningRate(rate)).ifPresent(progress);
        }
        optimizer.end();
        return meter.finish();
    }

    /** What decides the weights; the seed is that of the model's first weights too. */
    private SortedMap<String, String> fingerprint(LineSource lines) {
        return new Fingerprint()
                .with("corpus", lines.version())
                .with(plan)
                .with(model.shape())
                .settings();
    }

    /** One update; yields the loss before it. */
    private double step(PackedBatch batch, int step) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            JniUtils.setGradMode(true);
            NDArray loss = loss(batch);
            JniUtils.backward((PtNDArray) loss, (PtNDArray) one, false, false);
            JniUtils.setGradMode(false);
            optimizer.update(step);
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
        return model.logits(batch)
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
}
