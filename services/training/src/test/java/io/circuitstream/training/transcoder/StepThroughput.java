package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.documents.DemoDocuments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A measurement, not a test: tokens per second of the sparse trainer and of a dense step of the tensor library, on the shipped
 * model, six layers of 1,024 features at width 128, both with two threads; dense steps of 1,024 and 2,048 tokens. Whole sparse
 * runs are timed, with their dense beginning, at the L0 that ships. Run it by {@code ./circuitstream test -pl services/training
 * -am -Dtest=StepThroughput -Dtest.excluded= -Dsurefire.failIfNoSpecifiedTests=false
 * -Dsurefire.redirectTestOutputToFile=false}.
 */
@Tag("benchmark")
class StepThroughput {
    private static final int SPARSE_STEPS = 1500;
    private static final int DENSE_STEPS = 12;
    private static final int ROUNDS = 3;

    @TempDir
    Path folder;

    @Test
    void measure() throws IOException {
        TensorRuntime.start(1);
        try (LanguageModel model = LanguageModel.load(Path.of("..", "..", "models", "tiny-ten"))) {
            Activations data = Activations.collect(
                    model,
                    InputSite.MLP_IN,
                    new DemoDocuments(Corpus.load(), model.tokens(), 1, 1).open(Split.TRAIN),
                    100_000,
                    false,
                    progress -> {});
            double dense = Math.max(dense(data, 1024), dense(data, 2048));
            double products = products();
            double sparse = sparse(model, data);
            System.out.printf(
                    Locale.ROOT,
                    "dense %.0f tokens/s (best), sparse %.0f tokens/s over %d steps: %.2f times; matrix products %.0f GFLOP/s:"
                            + " the encoder's alone would allow %.0f tokens/s%n",
                    dense,
                    sparse,
                    SPARSE_STEPS,
                    sparse / dense,
                    products / 1e9,
                    products / (2.0 * 6 * 1024 * 128));
        }
    }

    private double sparse(LanguageModel model, Activations data) throws IOException {
        TensorRuntime.start(1);
        TranscoderPlan plan = TranscoderPlan.standard(TranscoderKind.CLT, SPARSE_STEPS, 1024, 1)
                .withTokens(100_000, 1024);
        Checkpoints none = Checkpoints.in(folder, Integer.MAX_VALUE, false);
        return new TranscoderTrainer(model, InputSite.MLP_IN, plan)
                .train(data, none, progress -> System.out.println(progress))
                .run()
                .tokensPerSecond();
    }

    /** Median of the rounds. */
    private static double dense(Activations data, int tokens) {
        TensorRuntime.start(2);
        TranscoderShape shape = new TranscoderShape(TranscoderKind.CLT, 6, 128, 1024, false);
        SparseTranscoder weights =
                new SparseTranscoder(shape, ActivationFunction.JUMP_RELU, .1, new java.util.Random(1));
        double[] rates = new double[ROUNDS];
        try (NDManager manager = NDManager.newBaseManager()) {
            JniUtils.setGradMode(false);
            NDArray[] inputs = sites(manager, data.inputs, tokens);
            NDArray[] outputs = sites(manager, data.outputs, tokens);
            DenseStep step = new DenseStep(weights, manager);
            for (int round = -1; round < ROUNDS; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < DENSE_STEPS; i++) {
                    step.run(inputs, outputs, 2e-3, 4e-4);
                }
                double rate = (double) DENSE_STEPS * tokens / ((System.nanoTime() - start) / 1e9);
                System.out.printf(Locale.ROOT, "dense, %d tokens: %.0f tokens/s%n", tokens, rate);
                if (round >= 0) {
                    rates[round] = rate;
                }
            }
        }
        Arrays.sort(rates);
        return rates[ROUNDS / 2];
    }

    private static NDArray[] sites(NDManager manager, float[][][] rows, int tokens) {
        NDArray[] sites = new NDArray[rows.length];
        for (int layer = 0; layer < rows.length; layer++) {
            float[] flat = new float[tokens * 128];
            for (int token = 0; token < tokens; token++) {
                System.arraycopy(rows[layer][token], 0, flat, token * 128, 128);
            }
            sites[layer] = manager.create(flat, new Shape(tokens, 128)).duplicate();
        }
        return sites;
    }

    /** Floating-point operations a second of the encoder's shape, two threads. */
    private static double products() {
        TensorRuntime.start(2);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = manager.randomNormal(new Shape(1024, 128));
            NDArray w = manager.randomNormal(new Shape(128, 1024));
            double best = 0;
            for (int round = 0; round < 10; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < 50; i++) {
                    x.matMul(w).close();
                }
                best = Math.max(best, 50 * 2.0 * 1024 * 128 * 1024 / ((System.nanoTime() - start) / 1e9));
            }
            return best;
        }
    }
}
