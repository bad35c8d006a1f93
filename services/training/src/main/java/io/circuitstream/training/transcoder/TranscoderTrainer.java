package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.training.Progress;
import io.circuitstream.training.SparsityFigures;
import io.circuitstream.training.TrainingMeter;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.checkpoint.Content;
import io.circuitstream.training.checkpoint.Fingerprint;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Trains a transcoder on the activations of a model. Single use. */
public final class TranscoderTrainer {
    private static final double INITIAL_THRESHOLD = .1;
    /** Pre-activations this many standard deviations above their mean pass the threshold at first: about 2 to 5 %. */
    private static final double INITIAL_DEVIATIONS = 1.65;

    private static final int INITIAL_SAMPLE = 4096;
    private static final int REPORTS = 50;
    private static final int MOST_STEPS_A_REPORT = 100;

    private final LanguageModel model;
    private final InputSite site;
    private final TranscoderPlan plan;
    private final SparseTranscoder transcoder;
    private final SparsityController controller;

    public TranscoderTrainer(LanguageModel model, InputSite site, TranscoderPlan plan) {
        this.model = model;
        this.site = site;
        this.plan = plan;
        this.controller = new SparsityController(plan.targetL0(), plan.steps());
        TranscoderShape shape = new TranscoderShape(
                plan.kind(), model.config().layers(), model.config().width(), plan.features(), plan.skip());
        this.transcoder = new SparseTranscoder(shape, plan.activation(), INITIAL_THRESHOLD, new Random(plan.seed()));
    }

    /**
     * Runs the plan from where the checkpoint left it, and yields the weights for raw sites.
     *
     * @param data of this model and site; the same in every run of one plan
     * @throws IllegalArgumentException if there are fewer tokens than a minibatch, or they lack Jacobians
     * @throws io.circuitstream.training.checkpoint.UnfinishedRunException if the checkpoint is of another run, or not to be continued
     * @throws IOException if a checkpoint cannot be written; the one before it is intact
     */
    public TranscoderResult train(Activations data, Checkpoints checkpoints, Consumer<Progress> progress)
            throws IOException {
        requireUsable(data);
        SparseStep step =
                new SparseStep(transcoder, model.manager(), plan.batch(), plan.targetL0(), plan.jacobianWeight());
        TrainingState state = new TrainingState(transcoder, step.gradients(), controller);
        TrainingMeter meter = new TrainingMeter("train-transcoder", plan.steps(), reportEvery());
        SortedMap<String, String> fingerprint = fingerprint(data);
        Optional<Content> earlier = checkpoints.start(fingerprint);
        if (earlier.isPresent()) {
            state.restore(earlier.get());
            meter.restore(earlier.get());
        } else {
            initialiseBiases(data);
        }
        TokenOrder order = new TokenOrder(data.tokens, plan.batch(), plan.seed());
        while (meter.step() < plan.steps()) {
            int done = meter.step();
            double lambda = plan.activation().penalised() ? controller.lambda() : 0;
            SparseStep.Result result = step.run(order.minibatch(data, done), lambda);
            transcoder.update(plan.learningRateAt(done), done + 1);
            controller.observe(done, result.totalL0());
            Optional<Progress> report = meter.add(result.loss(lambda), plan.batch());
            if (checkpoints.due(meter.step(), plan.steps())) {
                Content content = new Content(meter.step(), plan.steps());
                state.save(content);
                meter.save(content);
                checkpoints.save(fingerprint, content);
            }
            report.map(bare -> detailed(bare, result, lambda, step)).ifPresent(progress);
        }
        return new TranscoderResult(transcoder, site, plan, data.sites, meter.finish());
    }

    private void requireUsable(Activations data) {
        if (data.tokens < plan.batch()) {
            throw new IllegalArgumentException("the corpus has " + data.tokens + " tokens, a minibatch takes "
                    + plan.batch() + ": give more texts, or lower --batch");
        }
        if (plan.jacobianWeight() > 0 && data.jacobians.length == 0) {
            throw new IllegalArgumentException("these activations were collected without Jacobians");
        }
    }

    private int reportEvery() {
        return Math.max(1, Math.min(MOST_STEPS_A_REPORT, plan.steps() / REPORTS));
    }

    private SortedMap<String, String> fingerprint(Activations data) {
        return new Fingerprint()
                .with(plan)
                .with("model", model.hash())
                .with("site", site.hook())
                .with("corpus", data.digest)
                .settings();
    }

    private Progress detailed(Progress bare, SparseStep.Result result, double lambda, SparseStep step) {
        double silent = step.gradients().silentFraction();
        String detail = String.format(
                Locale.ROOT,
                "normalisedMse=%.4f l0=%.1f lambda=%.5f silent=%.3f",
                result.meanSquaredError(),
                result.totalL0(),
                lambda,
                silent);
        return bare.detailed(detail)
                .withLearningRate(plan.learningRateAt(bare.step() - 1))
                .withSparsity(new SparsityFigures(
                        result.meanSquaredError(),
                        lambda * result.penalty(),
                        floats(result.l0()),
                        floats(result.squaredError()),
                        silent,
                        lambda));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Sets b_enc so that few features pass their threshold at first: from a dense start, training crawls. */
    private void initialiseBiases(Activations data) {
        int rows = Math.min(INITIAL_SAMPLE, data.tokens);
        NDManager manager = model.manager();
        TranscoderShape shape = transcoder.shape;
        for (int layer = 0; layer < shape.layers(); layer++) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                float[][] sample = Arrays.copyOf(data.inputs[layer], rows);
                NDArray x = Tensors.of(manager, Encoding.flat(sample), rows, shape.width());
                NDArray weight =
                        Tensors.of(manager, transcoder.encoder.get(layer).flat(), shape.features(), shape.width());
                NDArray z = JniUtils.linear((PtNDArray) x, (PtNDArray) weight, null);
                float[] means = z.mean(new int[] {0}).toFloatArray();
                float[] squares = z.square().mean(new int[] {0}).toFloatArray();
                float[] bias = transcoder.encoderBias.get(layer).value[0];
                float threshold =
                        transcoder.activation == ActivationFunction.JUMP_RELU ? transcoder.threshold[layer][0] : 0;
                for (int feature = 0; feature < bias.length; feature++) {
                    double variance = Math.max(0, squares[feature] - means[feature] * means[feature]);
                    bias[feature] = (float) (threshold - means[feature] - INITIAL_DEVIATIONS * Math.sqrt(variance));
                }
            }
        }
    }
}
