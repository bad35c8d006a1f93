package io.circuitstream.circuits.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values come from Python's tokenizers and transformers: src/test/python/make_tokenizer_fixtures.py. */
class TokenizerFixturesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama3", "qwen2", "llama2", "gemma", "unigram", "word-piece", "word-level"})
    void shouldAgreeWithPythonWhenTextsAreCutIntoTokens(String name) throws IOException {
        TokenizerFixture fixture = TokenizerFixture.copy(name, "llama", folder);
        try (Tokens tokens = fixture.tokens()) {
            assertThat(tokens.begin())
                    .isEqualTo(fixture.expected().path("begin").asInt());
            assertThat(fixture.expected().path("cases")).hasSizeGreaterThan(10);
            for (JsonNode expected : fixture.expected().path("cases")) {
                String text = expected.path("text").asText();
                Tokens.Prompt prompt = tokens.encode(text);
                assertThat(prompt.ids()).as(text).containsExactly(read(expected.path("prompt"), int[].class));

                int front = prompt.ids().length - expected.path("ids").size();
                int[] ids = Arrays.copyOfRange(prompt.ids(), front, prompt.ids().length);
                int[][] offsets = read(expected.path("offsets"), int[][].class);
                assertThat(ids).as(text).containsExactly(read(expected.path("ids"), int[].class));
                assertThat(prompt.starts()).as(text).containsExactly(withFront(front, offsets, 0));
                assertThat(prompt.ends()).as(text).containsExactly(withFront(front, offsets, 1));
                assertThat(tokens.tokens(ids))
                        .as(text)
                        .isEqualTo(List.of(read(expected.path("readable"), String[].class)));
            }
        }
    }

    private static int[] withFront(int front, int[][] offsets, int end) {
        return Stream.concat(Stream.generate(() -> new int[] {-1, -1}).limit(front), Arrays.stream(offsets))
                .mapToInt(offset -> offset[end])
                .toArray();
    }

    private static <T> T read(JsonNode json, Class<T> type) throws IOException {
        return JSON.treeToValue(json, type);
    }
}
