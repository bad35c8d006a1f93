package io.circuitstream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.events.ChatMessage;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.stream.RequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationTest {
    private static final String TEMPLATE = "{{ bos_token }}{% for message in messages %}"
            + "{% if message.role == 'system' %}{{ raise_exception('no system please') }}{% endif %}"
            + " {{ message.content }} w2{% endfor %}{% if add_generation_prompt %} w3{% endif %}";

    @TempDir
    Path folder;

    @BeforeAll
    static void trust() {
        EventClasses.trust();
    }

    private PromptReader.Prompt read(ChatMessage... messages) {
        try (LanguageModel model = LanguageModel.load(folder)) {
            PromptReader reader = new PromptReader(model, 10);
            return reader.read(PromptSubmitted.newBuilder()
                    .setPromptId("p1")
                    .setMessages(Arrays.asList(messages))
                    .build());
        }
    }

    private void model(String template) throws IOException {
        TinyModels.llama(folder, 11);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\": \"<bos>\"}");
        Files.writeString(folder.resolve("chat_template.jinja"), template);
    }

    @Test
    void shouldRunOnWhatTheTemplateWritesWhenMessagesAreGiven() throws IOException {
        model(TEMPLATE);
        PromptReader.Prompt prompt = read(new ChatMessage("user", "w5 w9"), new ChatMessage("assistant", "w7"));

        assertThat(prompt.text()).isEqualTo("<bos> w5 w9 w2 w7 w2 w3");
        assertThat(prompt.ids()).containsExactly(1, 5, 9, 2, 7, 2, 3);
        assertThat(prompt.starts()).containsExactly(0, 6, 9, 12, 15, 18, 21);
        assertThat(prompt.ends()).containsExactly(5, 8, 11, 14, 17, 20, 23);
    }

    @Test
    void shouldPutBosInFrontWhenTheTemplateDoesNot() throws IOException {
        model(TEMPLATE.replace("{{ bos_token }}", ""));
        assertThat(read(new ChatMessage("user", "w5")).ids()).containsExactly(1, 5, 2, 3);
    }

    @Test
    void shouldPassOnTheReasonWhenTheTemplateRefuses() throws IOException {
        model(TEMPLATE);
        assertThatThrownBy(() -> read(new ChatMessage("system", "w5")))
                .isInstanceOf(RequestException.class)
                .hasMessage("the model's chat template refuses these messages: no system please");
    }

    @Test
    void shouldCountTheTemplatesTokensWhenTheConversationIsTooLong() throws IOException {
        model(TEMPLATE);
        ChatMessage long9 =
                new ChatMessage("user", String.join(" ", List.of("w4", "w4", "w4", "w4", "w4", "w4", "w4", "w4")));
        assertThatThrownBy(() -> read(long9))
                .isInstanceOf(RequestException.class)
                .hasMessageStartingWith("the prompt has 11 tokens, the limit is 10");
    }

    @Test
    void shouldNameTheTokenWhenTheModelHasNoRowForIt() throws IOException {
        model(TEMPLATE);
        Path tokenizer = folder.resolve("tokenizer.json");
        Files.writeString(
                tokenizer,
                Files.readString(tokenizer)
                        .replace(
                                "\"added_tokens\": [",
                                "\"added_tokens\": [{\"id\": 40, \"content\": \"<image>\", \"single_word\": false,"
                                        + " \"lstrip\": false, \"rstrip\": false, \"normalized\": false,"
                                        + " \"special\": true}, "));
        assertThatThrownBy(() -> read(new ChatMessage("user", "w5 <image>")))
                .isInstanceOf(RequestException.class)
                .hasMessage("token id 40 ('<image>') is not in the model's vocabulary: ids are 0 to 39");
    }
}
