package io.circuitstream.training;

import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.languagemodel.HuggingFaceFolder;
import io.circuitstream.training.languagemodel.LanguageModel;
import io.circuitstream.training.transcoder.FoldedTranscoder;
import io.circuitstream.training.transcoder.ReplacementEvaluation;
import io.circuitstream.training.transcoder.TranscoderFigures;
import io.circuitstream.training.transcoder.TranscoderFolder;
import io.circuitstream.training.transcoder.TranscoderPlan;
import io.circuitstream.training.transcoder.TranscoderTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "transcoder",
        description = "Train a cross-layer transcoder for a model folder and write it in circuit-tracer's layout.",
        mixinStandardHelpOptions = true)
final class TrainTranscoderCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(TrainTranscoderCommand.class);
    private static final int PROMPTS_PER_TASK = 200;

    @Option(names = "--model", required = true, description = "Hugging Face folder of the model.")
    private Path modelFolder = Path.of("");

    @Option(names = "--out", required = true, description = "Folder to write.")
    private Path out = Path.of("");

    @Option(names = "--steps", defaultValue = "6000", description = "Updates (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--features", defaultValue = "1024", description = "Features a layer (default: ${DEFAULT-VALUE}).")
    private int features;

    @Option(
            names = "--tokens",
            defaultValue = "200000",
            description = "Training tokens to collect activations of (default: ${DEFAULT-VALUE}).")
    private int tokens;

    @Option(names = "--seed", defaultValue = "1", description = "Same seed, same weights (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        Corpus corpus = Corpus.load();
        Vocabulary vocabulary = Vocabulary.load();
        try (LanguageModel model = HuggingFaceFolder.read(modelFolder)) {
            TranscoderPlan plan = TranscoderPlan.standard(steps, features, seed).withTokens(tokens);
            FoldedTranscoder transcoder =
                    new TranscoderTrainer(model, plan).train(corpus, vocabulary, progress -> log.info("{}", progress));
            String name = modelFolder.toAbsolutePath().normalize().getFileName().toString();
            TranscoderFolder.write(out, transcoder, name, name + "-clt");
            TranscoderFigures figures = ReplacementEvaluation.measure(
                    model, transcoder, corpus, vocabulary, Split.DEVELOPMENT, PROMPTS_PER_TASK);
            log.info(
                    "development l0={} normalisedMse={} dead={} answers={} all={}",
                    figures.totalL0(),
                    figures.normalisedMse(),
                    figures.deadFraction(),
                    figures.answers(),
                    figures.all());
            log.info("development agreementByTask={} layers={}", figures.agreementByTask(), figures.layers());
        }
        return 0;
    }
}
