package io.circuitstream.circuits.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.chat.ChatMessage;
import io.circuitstream.circuits.chat.ChatTemplateException;
import io.circuitstream.circuits.files.ModelFileException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a tokenizer that cannot be used. */
class TokenizerRefusalTest {
    private static final List<ChatMessage> HELLO = List.of(new ChatMessage("user", "Hello"));

    @TempDir
    Path folder;

    private TokenizerFixture fixture;

    @BeforeEach
    void copy() throws IOException {
        fixture = TokenizerFixture.copy("gpt2", "llama", folder);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }

    private void assertRefused(String file, String... words) {
        assertThatThrownBy(() -> fixture.tokens().close())
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(folder.resolve(file).toString())
                .hasMessageContainingAll(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "3"})
    void shouldSayWhatToDoWhenTheConfigurationIsNoJson(String text) throws IOException {
        write("tokenizer_config.json", text);
        assertRefused("tokenizer_config.json", "JSON", "delete it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer_config.json", "chat_template.jinja"})
    void shouldRefuseBeforeReadingWhenAFileIsHuge(String file) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(folder.resolve(file).toFile(), "rw")) {
            sparse.setLength(6L << 30);
        }
        assertRefused(file, (6L << 30) + " bytes", "at most");
    }

    @Test
    void shouldNameTheTemplateWhenItIsNoText() throws IOException {
        Files.write(folder.resolve("chat_template.jinja"), new byte[] {(byte) 0xFF, (byte) 0xFE});
        assertRefused("chat_template.jinja", "cannot be read as text");
    }

    @Test
    void shouldNameBothSizesWhenTheVocabularyIsLargerThanTheEmbedding() throws IOException {
        fixture.config(new ObjectMapper().createObjectNode().put("vocab_size", 399), "llama");
        assertRefused(
                "tokenizer.json",
                "has a vocabulary of 400 tokens, the model's embedding 399: it belongs to another model");
    }

    @Test
    void shouldLoadWhenOnlyAnAddedTokenHasNoRow() throws IOException {
        fixture.config(
                new ObjectMapper().createObjectNode().put("vocab_size", 400).put("bos_token_id", 400), "llama");
        try (Tokens tokens = fixture.tokens()) {
            assertThat(tokens.begin()).isEqualTo(-1);
            assertThat(tokens.single("<|endoftext|>")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2_000_000_000})
    void shouldNameTheTokenWhenItsIdIsNoIndex(int id) throws IOException {
        Path file = folder.resolve("tokenizer.json");
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        ((ObjectNode) json.at("/model/vocab")).put("odd", id);
        Files.writeString(file, json.toString());
        assertRefused("tokenizer.json", "gives token 'odd' the id " + id);
    }

    @Test
    void shouldNameTheConfigWhenATokenIdIsNoNumber() throws IOException {
        fixture.config(new ObjectMapper().createObjectNode().put("bos_token_id", "<s>"), "llama");
        assertRefused("config.json", "a token id is \"<s>\", not a number");
    }

    @Test
    void shouldTakeTheNamedDefaultWhenThereAreSeveralTemplates() throws IOException {
        write("tokenizer_config.json", """
                {"chat_template": [{"name": "tool_use", "template": "tools"}, {"name": "default", "template": "Hello"}]}
                """);
        try (Tokens tokens = fixture.tokens()) {
            assertThat(tokens.encode(HELLO).text()).isEqualTo("Hello");
        }
        write("chat_template.jinja", "{{ messages[0].content }} there");
        try (Tokens tokens = fixture.tokens()) {
            assertThat(tokens.encode(HELLO).text()).isEqualTo("Hello there");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"chat_template\": null}", "{\"chat_template\": 3}", "{\"chat_template\": []}"})
    void shouldSayWhichFileWhenThereIsNoTemplate(String config) throws IOException {
        write("tokenizer_config.json", config);
        try (Tokens tokens = fixture.tokens()) {
            assertThatThrownBy(() -> tokens.encode(HELLO))
                    .isInstanceOf(ChatTemplateException.class)
                    .hasMessageContainingAll("no chat template", "as text", "chat_template.jinja");
        }
    }
}
