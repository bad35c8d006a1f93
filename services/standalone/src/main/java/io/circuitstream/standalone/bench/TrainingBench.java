package io.circuitstream.standalone.bench;

import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.training.transcoder.StepThroughput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Times the training of a cross-layer transcoder for a model that reads the demo corpus. */
public final class TrainingBench {
    private static final int FEATURES = 1024;
    private static final int BATCH = 1024;
    private static final int MOST_COLLECTED = 50_000;
    /** A dense step takes several times as long. */
    private static final int STEPS_A_DENSE_STEP = 100;

    private TrainingBench() {}

    /**
     * Trains so many sparse steps and some dense ones.
     *
     * @throws io.circuitstream.circuits.files.ModelFileException when the model cannot be used
     */
    public static Report run(Path model, int steps, Consumer<String> progress) throws IOException {
        TensorRuntime.start(1);
        try (LanguageModel language = LanguageModel.load(model)) {
            int dense = Math.max(1, steps / STEPS_A_DENSE_STEP);
            int collected = Math.min(MOST_COLLECTED, steps * BATCH);
            StepThroughput.Rates rates = StepThroughput.measure(
                    language,
                    new StepThroughput.Settings(FEATURES, steps, dense, BATCH, collected),
                    report -> progress.accept(report.toString()));
            progress.accept("machine");
            ModelConfig config = language.config();
            NDManager manager = language.manager();
            double encoder = Products.rate(manager, BATCH, config.width(), FEATURES);
            Machine machine = new Machine(Products.large(manager), encoder, Products.copy(), rates.threads());
            return new Report(machine, results(config, rates, encoder, steps));
        }
    }

    private static List<Measured> results(ModelConfig config, StepThroughput.Rates rates, double products, int steps) {
        double encoder = 2.0 * config.layers() * FEATURES * config.width();
        // Forward, and backward by inputs and by weights; a feature decodes into its own and every later layer.
        double decoder = encoder * (config.layers() + 1) / 2;
        double all = 3 * (encoder + decoder);
        Measured dense = Measured.of(
                "dense step",
                "tokens/s",
                rates.dense(),
                products / all,
                about(steps, "the rate if its products of both passes were all"));
        return List.of(
                Measured.of(
                                "sparse training",
                                "tokens/s",
                                rates.sparse(),
                                products / encoder,
                                about(steps, "the rate if the encoder's products of the forward pass were all"))
                        .withMedian(rates.sparseRun()),
                Measured.of(
                                "sparse training against dense",
                                "tokens/s",
                                rates.sparse(),
                                dense.median(),
                                about(steps, "the rate of the dense step"))
                        .withMedian(rates.sparseRun()),
                dense);
    }

    private static Map<String, Object> about(int steps, String floor) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("features", FEATURES);
        about.put("batch", BATCH);
        about.put("sparseSteps", steps);
        about.put("floor", floor);
        return about;
    }
}
