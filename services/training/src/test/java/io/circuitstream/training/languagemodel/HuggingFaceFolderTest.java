package io.circuitstream.training.languagemodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Example;
import io.circuitstream.training.corpus.Line;
import io.circuitstream.training.corpus.PackedBatch;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import io.circuitstream.training.corpus.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceFolderTest {
    private static final Vocabulary VOCABULARY = Vocabulary.load();
    private static final LlamaShape SHAPE = new LlamaShape(3, 32, 2, 48, VOCABULARY.size(), 1e-5f, 10_000f);
    private static final Example EXAMPLE =
            Corpus.load().heldOut(Task.COPYING, Split.TEST, 1).get(0);

    @TempDir
    static Path folder;

    private static Map<String, float[]> written = Map.of();
    private static float[] logits = {};

    @BeforeAll
    static void write() throws IOException {
        try (LanguageModel model = LanguageModel.random(SHAPE, 5)) {
            written = model.weights();
            logits = logits(model);
            HuggingFaceFolder.write(folder, model, VOCABULARY, 128);
        }
    }

    @Test
    void shouldReadBackEveryWeightWhenWritten() throws IOException {
        Safetensors read = Safetensors.open(folder.resolve("model.safetensors"));

        assertThat(read.entries().keySet())
                .isEqualTo(written.keySet())
                .isEqualTo(SHAPE.tensors().keySet());
        written.forEach(
                (name, values) -> assertThat(read.readFloats(name)).as(name).isEqualTo(values));
    }

    @Test
    void shouldComputeTheSameLogitsWhenTheEngineLoadsTheFolder() {
        // Given: the tracing engine's own forward pass, written independently of the trainer's
        try (var engine = io.circuitstream.circuits.model.LanguageModel.load(folder)) {
            int[] tokens = engine.tokens().encode(EXAMPLE.prompt()).ids();

            // When
            try (ForwardPass pass = Forward.run(engine, tokens)) {

                // Then
                for (int position = 0; position < tokens.length; position++) {
                    float[] expected = pass.logits(position);
                    for (int word = 0; word < expected.length; word++) {
                        assertThat(logits[position * SHAPE.vocabulary() + word])
                                .isCloseTo(expected[word], within(1e-5f));
                    }
                }
            }
        }
    }

    @Test
    void shouldAgreeWithTheVocabularyWhenTokenizerIsLoaded() throws IOException {
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"))) {
            String everyWord = String.join(" ", VOCABULARY.words().subList(4, VOCABULARY.size()));
            long[] expected = new long[VOCABULARY.size() - 4 + 1];
            expected[0] = Vocabulary.BEGIN;
            for (int i = 1; i < expected.length; i++) {
                expected[i] = i + 3L;
            }

            long[] actual = tokenizer.encode(everyWord).getIds();

            // The tokenizer's own default cuts at 512; the engine switches that off.
            assertThat(actual).isEqualTo(Arrays.copyOf(expected, actual.length)).hasSizeGreaterThanOrEqualTo(512);
            assertThat(tokenizer.encode("dallas xyzzy Dallas").getIds())
                    .containsExactly(
                            Vocabulary.BEGIN, VOCABULARY.encode("dallas")[0], Vocabulary.UNKNOWN, Vocabulary.UNKNOWN);
        }
    }

    private static float[] logits(LanguageModel model) {
        PackedBatch batch = new PackedBatch(1, 32);
        assertThat(batch.add(new Line(VOCABULARY.encode(EXAMPLE.prompt()), VOCABULARY.encode(EXAMPLE.answer()), true)))
                .isTrue();
        try (var logits = model.logits(batch)) {
            return logits.toFloatArray();
        }
    }
}
