package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.training.Progress;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.languagemodel.LanguageModel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Trains a cross-layer transcoder on the activations of a model and folds it for use on the raw sites. Single use. */
public final class TranscoderTrainer {
    private static final double INITIAL_THRESHOLD = .1;
    /** Pre-activations this many standard deviations above their mean pass the threshold at first: about 2 to 5 %. */
    private static final double INITIAL_DEVIATIONS = 1.65;

    private static final int INITIAL_SAMPLE = 4096;
    private static final int REPORT_EVERY = 100;

    private final LanguageModel model;
    private final TranscoderPlan plan;
    private final Random random;
    private final SparseTranscoder transcoder;
    private final SparsityController controller;

    public TranscoderTrainer(LanguageModel model, TranscoderPlan plan) {
        this.model = model;
        this.plan = plan;
        this.random = new Random(plan.seed());
        this.controller = new SparsityController(plan.targetL0(), plan.steps());
        TranscoderShape shape =
                new TranscoderShape(model.shape().layers(), model.shape().width(), plan.features());
        this.transcoder = new SparseTranscoder(shape, INITIAL_THRESHOLD, random);
    }

    /** Collects activations, runs the whole plan, and yields the weights for raw sites. */
    public FoldedTranscoder train(Corpus corpus, Vocabulary vocabulary, Consumer<Progress> progress) {
        Activations data = new ActivationCollector(model, plan.tokens()).collect(corpus, vocabulary, plan.seed());
        initialiseBiases(data);
        SparseStep step = new SparseStep(transcoder, model.manager(), plan.batch());
        int[] order = IntStream.range(0, data.tokens).toArray();
        long start = System.nanoTime();
        double loss = 0;
        int reported = 0;
        for (int done = 0; done < plan.steps(); ) {
            int from = (int) ((long) done * plan.batch() % data.tokens);
            if (done == 0 || from < plan.batch()) {
                shuffle(order);
            }
            SparseStep.Result result =
                    step.run(Minibatch.of(transcoder.shape, data, order, from, plan.batch()), controller.lambda());
            loss += result.loss(controller.lambda());
            transcoder.update(plan.learningRateAt(done), done + 1);
            controller.observe(done, result.l0());
            done++;
            if (done % REPORT_EVERY == 0 || done == plan.steps()) {
                long tokens = (long) done * plan.batch();
                progress.accept(Progress.since(
                        start,
                        "train-transcoder",
                        done,
                        plan.steps(),
                        tokens,
                        loss / (done - reported),
                        detail(result)));
                loss = 0;
                reported = done;
            }
        }
        return FoldedTranscoder.fold(transcoder, data.sites);
    }

    private String detail(SparseStep.Result result) {
        return String.format(
                Locale.ROOT,
                "normalisedMse=%.4f l0=%.1f lambda=%.5f",
                result.squaredError() / transcoder.shape.layers(),
                result.l0(),
                controller.lambda());
    }

    /** Sets b_enc so that few features pass their threshold at first: from a dense start, training crawls. */
    private void initialiseBiases(Activations data) {
        int rows = Math.min(INITIAL_SAMPLE, data.tokens);

        NDManager manager = model.manager();
        TranscoderShape shape = transcoder.shape;
        for (int layer = 0; layer < shape.layers(); layer++) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray x = manager.create(
                        Arrays.copyOf(data.inputs[layer], rows * shape.width()), new Shape(rows, shape.width()));
                NDArray weight = manager.create(
                        transcoder.encoder.get(layer).flat(), new Shape(shape.features(), shape.width()));
                NDArray z = JniUtils.linear((PtNDArray) x, (PtNDArray) weight, null);
                NDArray mean = z.mean(new int[] {0});
                float[] means = mean.toFloatArray();
                float[] squares = z.square().mean(new int[] {0}).toFloatArray();
                float[] bias = transcoder.encoderBias.get(layer).value[0];
                for (int feature = 0; feature < bias.length; feature++) {
                    double variance = Math.max(0, squares[feature] - means[feature] * means[feature]);
                    bias[feature] = (float) (transcoder.threshold[layer][feature]
                            - means[feature]
                            - INITIAL_DEVIATIONS * Math.sqrt(variance));
                }
            }
        }
    }

    private void shuffle(int[] order) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }
}
