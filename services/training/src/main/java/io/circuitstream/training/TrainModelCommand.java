package io.circuitstream.training;

import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.languagemodel.AnswerAccuracy;
import io.circuitstream.training.languagemodel.HuggingFaceFolder;
import io.circuitstream.training.languagemodel.LanguageModel;
import io.circuitstream.training.languagemodel.LanguageModelTrainer;
import io.circuitstream.training.languagemodel.LlamaShape;
import io.circuitstream.training.languagemodel.TrainingPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "model",
        description = "Train a small Llama on the ten tasks and write it as a Hugging Face folder.",
        mixinStandardHelpOptions = true)
final class TrainModelCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(TrainModelCommand.class);
    private static final int PROMPTS_PER_TASK = 200;

    @Option(names = "--out", required = true, description = "Folder to write.")
    private Path out = Path.of("");

    @Option(names = "--steps", defaultValue = "6000", description = "Updates (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--layers", defaultValue = "6", description = "Layers (default: ${DEFAULT-VALUE}).")
    private int layers;

    @Option(names = "--seed", defaultValue = "1", description = "Same seed, same weights (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() throws IOException {
        Corpus corpus = Corpus.load();
        Vocabulary vocabulary = Vocabulary.load();
        try (LanguageModel model = LanguageModel.random(LlamaShape.tiny(layers, vocabulary.size()), seed)) {
            new LanguageModelTrainer(model, TrainingPlan.standard(steps, seed))
                    .train(corpus, vocabulary, progress -> log.info("{}", progress));
            HuggingFaceFolder.write(out, model, vocabulary);
            report(AnswerAccuracy.measure(model, corpus, vocabulary, Split.DEVELOPMENT, PROMPTS_PER_TASK));
        }
        return 0;
    }

    private static void report(List<AnswerAccuracy> lines) {
        for (AnswerAccuracy line : lines) {
            log.info(
                    "development accuracy task={} prompts={} exact={}",
                    line.task().id(),
                    line.prompts(),
                    line.fraction());
        }
        log.info("development accuracy task=all exact={}", AnswerAccuracy.overall(lines));
    }
}
