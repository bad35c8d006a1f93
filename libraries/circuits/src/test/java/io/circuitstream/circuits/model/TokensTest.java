package io.circuitstream.circuits.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.TinyTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest extends TinyTest {
    @TempDir
    Path folder;

    @Test
    void shouldYieldTheIdOnlyWhenTheTextIsOneKnownToken() {
        Tokens tokens = model.tokens();
        assertThat(tokens.single("w5")).hasValue(5);
        assertThat(tokens.single("<bos>")).hasValue(1);
        assertThat(tokens.single("<unk>")).hasValue(0);
        assertThat(tokens.single("w5 w6")).isEmpty();
        assertThat(tokens.single("zebra")).isEmpty();
        assertThat(tokens.single("")).isEmpty();
    }

    @Test
    void shouldPutBosFirstOnceWhenTheTextHasItOrNot() {
        assertThat(model.tokens().encode("w5 w6").ids()).containsExactly(1, 5, 6);
        assertThat(model.tokens().encode("<bos> w5").ids()).containsExactly(1, 5);
        assertThat(model.tokens().encode("").ids()).containsExactly(1);
    }

    @Test
    void shouldAddNothingWhenTheModelHasNoBos() throws IOException {
        TinyModels.llama(folder, 11);
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("bos_token_id", "other"));
        try (Tokens tokens = Tokens.read(folder, ModelConfig.read(folder))) {
            assertThat(tokens.encode("w5 w6").ids()).containsExactly(5, 6);
            assertThat(tokens.encode("").ids()).isEmpty();
        }
    }

    @Test
    void shouldQuoteTheUnknownWordWhenItFollowsCharactersOutsideTheBasicPlane() {
        assertThat(model.tokens().encode("😀 w5 né").warnings())
                .containsExactly("unknown word '😀' is read as <unk>", "unknown word 'né' is read as <unk>");
    }

    @Test
    void shouldNotTruncateWhenThePromptIsLong() {
        assertThat(model.tokens().encode("w5 ".repeat(2000)).ids()).hasSize(2001);
    }

    @Test
    void shouldRefuseAPromptWhenATokenIsNotInTheVocabulary() {
        for (int id : new int[] {-1, TinyModels.VOCABULARY}) {
            assertThatThrownBy(() -> Forward.run(model, new int[] {1, id}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("token id " + id + " is not in the vocabulary of 40");
        }
    }

    @Test
    void shouldRefuseAPromptWhenItIsEmptyOrTooLong() {
        assertThatThrownBy(() -> Forward.run(model, new int[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the prompt has 0 tokens, the model takes 1 to 64");
        assertThatThrownBy(() -> Forward.run(model, new int[65]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the prompt has 65 tokens, the model takes 1 to 64");
    }

    @Test
    void shouldGiveTheSameLogitsWhenATokenIsAppended() {
        int[] ids = IntStream.range(0, 64).map(i -> i == 0 ? 1 : 2 + i * 7 % 38).toArray();
        try (ForwardPass all = Forward.run(model, ids);
                ForwardPass first = Forward.run(model, java.util.Arrays.copyOf(ids, 10))) {
            assertThat(all.logits(9)).containsExactly(first.logits(9), org.assertj.core.api.Assertions.within(1e-4f));
        }
    }

    @Test
    void shouldUnembedWithTheEmbeddingWhenTheyAreTied() throws IOException {
        Path tied = TinyModels.llama(folder.resolve("tied"), 11);
        Path config = tied.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("word_embeddings\": false", "word_embeddings\": true"));
        try (LanguageModel loaded = LanguageModel.load(tied);
                ForwardPass pass = Forward.run(loaded, PROMPT)) {
            assertThat(loaded.unembedding()).isSameAs(loaded.embedding());
            float[] normed = new float[TinyModels.WIDTH];
            int last = PROMPT.length - 1;
            float[] mid = pass.residMid()[TinyModels.LAYERS - 1].get(last).toFloatArray();
            float[] out = pass.mlpOut()[TinyModels.LAYERS - 1].get(last).toFloatArray();
            float[] gain = loaded.finalNorm().gain().toFloatArray();
            for (int j = 0; j < normed.length; j++) {
                normed[j] = (mid[j] + out[j]) * pass.finalScale().toFloatArray()[last] * gain[j];
            }
            float[] embedding = loaded.embedding().toFloatArray();
            float[] expected = new float[TinyModels.VOCABULARY];
            for (int v = 0; v < expected.length; v++) {
                for (int j = 0; j < normed.length; j++) {
                    expected[v] += embedding[v * normed.length + j] * normed[j];
                }
            }
            assertThat(pass.logits(last)).containsExactly(expected, org.assertj.core.api.Assertions.within(1e-4f));
        }
    }
}
