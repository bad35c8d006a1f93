package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.training.Progress;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.documents.DemoDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Tokens a second of training a cross-layer transcoder: by the sparse trainer, and by a dense step of the tensor library with
 * autograd and its Adam. On the same activations, both with every core. Sparse training is timed in whole runs, with their
 * dense beginning, at the L0 that ships. Leaves the tensor library with one thread for each core.
 */
public final class StepThroughput {
    private static final int ROUNDS = 3;

    private final LanguageModel model;
    private final Settings settings;
    private final Consumer<Progress> progress;

    /**
     * How much to measure.
     *
     * @param steps of the sparse run
     * @param denseSteps of each round of dense ones
     * @param batch tokens of a step
     * @param collected tokens whose activations are trained on
     */
    public record Settings(int features, int steps, int denseSteps, int batch, int collected) {}

    /**
     * What was measured, in tokens a second.
     *
     * @param sparse between one report of the trainer and the next
     * @param sparseRun of the whole run
     * @param dense of each round
     * @param threads that both had
     */
    public record Rates(double[] sparse, double sparseRun, double[] dense, int threads) {}

    private StepThroughput(LanguageModel model, Settings settings, Consumer<Progress> progress) {
        this.model = model;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Collects activations of the demo corpus, then measures.
     *
     * @param model one that reads the demo corpus
     */
    public static Rates measure(LanguageModel model, Settings settings, Consumer<Progress> progress)
            throws IOException {
        return new StepThroughput(model, settings, progress).measure();
    }

    private Rates measure() throws IOException {
        int threads = Runtime.getRuntime().availableProcessors();
        // One on each of Java's threads, as `train transcoder` has it.
        TensorRuntime.start(1);
        Activations data = Activations.collect(
                model,
                InputSite.MLP_IN,
                new DemoDocuments(Corpus.load(), model.tokens(), 1, 1).open(Split.TRAIN),
                settings.collected(),
                false,
                progress);
        List<Double> sparse = new ArrayList<>();
        double run = sparse(data, sparse);
        TensorRuntime.start(threads);
        double[] dense = dense(data);
        return new Rates(sparse.stream().mapToDouble(Double::doubleValue).toArray(), run, dense, threads);
    }

    /** Of the whole run; adds the rate between every two reports. */
    private double sparse(Activations data, List<Double> rates) throws IOException {
        TranscoderPlan plan = TranscoderPlan.standard(TranscoderKind.CLT, settings.steps(), settings.features(), 1)
                .withTokens(settings.collected(), settings.batch());
        Path folder = Files.createTempDirectory("step-throughput");
        Checkpoints checkpoints = Checkpoints.in(folder, Integer.MAX_VALUE, false);
        try {
            return sparse(data, plan, checkpoints, rates);
        } finally {
            checkpoints.delete();
            Files.delete(folder);
        }
    }

    private double sparse(Activations data, TranscoderPlan plan, Checkpoints checkpoints, List<Double> rates)
            throws IOException {
        long[] last = {System.nanoTime(), 0};
        return new TranscoderTrainer(model, InputSite.MLP_IN, plan)
                .train(data, checkpoints, report -> {
                    long now = System.nanoTime();
                    rates.add((report.tokens() - last[1]) / ((now - last[0]) / 1e9));
                    last[0] = now;
                    last[1] = report.tokens();
                    progress.accept(report);
                })
                .run()
                .tokensPerSecond();
    }

    /** After a round to warm up. */
    private double[] dense(Activations data) {
        TranscoderShape shape = new TranscoderShape(
                TranscoderKind.CLT, model.config().layers(), model.config().width(), settings.features(), false);
        SparseTranscoder weights = new SparseTranscoder(shape, ActivationFunction.JUMP_RELU, .1, new Random(1));
        double[] rates = new double[ROUNDS];
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray[] inputs = sites(manager, data.inputs);
            NDArray[] outputs = sites(manager, data.outputs);
            DenseStep step = new DenseStep(weights, manager);
            for (int round = -1; round < ROUNDS; round++) {
                progress.accept(Progress.of("dense-steps", round + 1, ROUNDS + 1, Double.NaN));
                long start = System.nanoTime();
                for (int i = 0; i < settings.denseSteps(); i++) {
                    step.run(inputs, outputs, 2e-3, 4e-4);
                }
                if (round >= 0) {
                    double tokens = (double) settings.denseSteps() * settings.batch();
                    rates[round] = tokens / ((System.nanoTime() - start) / 1e9);
                }
            }
        }
        return rates;
    }

    private NDArray[] sites(NDManager manager, float[][][] rows) {
        JniUtils.setGradMode(false);
        int width = model.config().width();
        NDArray[] sites = new NDArray[rows.length];
        for (int layer = 0; layer < rows.length; layer++) {
            float[] flat = new float[settings.batch() * width];
            for (int token = 0; token < settings.batch(); token++) {
                System.arraycopy(rows[layer][token], 0, flat, token * width, width);
            }
            sites[layer] =
                    manager.create(flat, new Shape(settings.batch(), width)).duplicate();
        }
        return sites;
    }
}
