package io.circuitstream.training;

import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.languagemodel.HuggingFaceFolder;
import io.circuitstream.training.languagemodel.LanguageModel;
import io.circuitstream.training.languagemodel.LlamaShape;
import java.io.IOException;
import java.nio.file.Path;

/** A Llama of two layers with random weights and the demo vocabulary. */
public final class SmallModel {
    private SmallModel() {}

    /** Writes it as a Hugging Face folder; yields the folder. */
    public static Path write(Path folder) throws IOException {
        Vocabulary vocabulary = Vocabulary.load();
        LlamaShape shape = new LlamaShape(2, 32, 2, 48, vocabulary.size(), 1e-5f, 10_000f);
        try (LanguageModel model = LanguageModel.random(shape, 3)) {
            HuggingFaceFolder.write(folder, model, vocabulary, 128);
        }
        return folder;
    }
}
