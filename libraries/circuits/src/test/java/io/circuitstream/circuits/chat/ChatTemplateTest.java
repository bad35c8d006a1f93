package io.circuitstream.circuits.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected texts come from transformers: src/test/python/make_chat_fixtures.py. */
class ChatTemplateTest {
    private static final Path FOLDER = Path.of("src/test/resources/chat");
    private static final List<ChatMessage> HELLO = List.of(new ChatMessage("user", "Hello"));

    private static ChatTemplate template(String source) {
        return new ChatTemplate(Path.of("folder/chat_template.jinja"), source, "<s>", "</s>");
    }

    private static List<ChatMessage> messages(JsonNode json) {
        List<ChatMessage> messages = new ArrayList<>();
        json.forEach(m -> messages.add(
                new ChatMessage(m.path("role").asText(), m.path("content").asText())));
        return messages;
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-3", "qwen-2.5", "qwen-3", "gemma-2", "gemma-3", "mistral"})
    void shouldAgreeWithTransformersWhenConversationsAreRendered(String family) throws IOException {
        ChatTemplate template = template(Files.readString(FOLDER.resolve(family + ".jinja")));
        JsonNode cases = new ObjectMapper()
                .readTree(FOLDER.resolve("expected.json").toFile())
                .path(family);
        assertThat(cases).hasSize(8);
        for (JsonNode expected : cases) {
            List<ChatMessage> messages = messages(expected.path("messages"));
            if (expected.has("text")) {
                assertThat(template.render(messages))
                        .as(expected.path("name").asText())
                        .isEqualTo(expected.path("text").asText());
            } else {
                assertThatThrownBy(() -> template.render(messages))
                        .isInstanceOf(ChatTemplateException.class)
                        .hasMessage("the model's chat template refuses these messages: "
                                + expected.path("refusal").asText());
            }
        }
    }

    /** What a user is told where Jinjava and we know less than Jinja. */
    @ParameterizedTest
    @ValueSource(strings = {"{{ messages[::2] }}", "{{ bos_token.zfill(3) }}", "{{ bos_token.split('') }}"})
    void shouldNameTheFileAndWhatToDoWhenATemplateNeedsMoreThanIsSupported(String source) {
        assertThatThrownBy(() -> template(source).render(HELLO)).isInstanceOf(ChatTemplateException.class);
    }

    @Test
    void shouldMeanWhatPythonMeansWhenMethodsAreCalledInARow() {
        assertThat(template("{{ '/a) b/(c/'.split('/')[-2].lstrip('(').startswith('c') }}"
                                + "{{ ' x '.strip() + '..y'.lstrip('.') }}{{ 'ab'.endswith('b') and messages|length == 1 }}"
                                + ".strip() {{ \"it's .strip()\" }}")
                        .render(HELLO))
                .isEqualTo("truexytrue.strip() it's .strip()");
    }

    @Test
    void shouldRefuseAnUnknownFilterOnlyWhenItIsUsed() {
        assertThat(template("{% if tools %}{{ tools | items }}{% else %}<|a|>{{ '|b' | trim }}{% endif %}")
                        .render(HELLO))
                .isEqualTo("<|a|>|b");
        assertThatThrownBy(() -> template("{{ messages | items }}").render(HELLO))
                .hasMessage("the chat template folder/chat_template.jinja cannot be rendered (the filter 'items' is not"
                        + " supported): give the prompt as text, in the model's own format");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for %}",
                "{{ bos_token",
                "{% if true %}",
                "{{ messages | nonsense }}",
                "{{ nonsense() }}",
                "{{ strftime_now('%Q') }}",
                "{% generation %}x{% endgeneration %}"
            })
    void shouldRefuseWhenATemplateIsBroken(String source) {
        assertThatThrownBy(() -> template(source).render(HELLO)).isInstanceOf(ChatTemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ bos_token.getClass() }}",
                "{{ bos_token.class }}",
                "{{ messages.class.forName('java.lang.Runtime') }}",
                "{{ messages[0].getClass().getClassLoader() }}",
                "{{ ____int3rpr3t3r____.context }}",
                "{{ ____int3rpr3t3r____.getConfig() }}",
                "{{ ____int3rpr3t3r____.render('x') }}",
                "{% include 'logback.xml' %}",
                "{% import 'logback.xml' as x %}",
                "{% from 'logback.xml' import x %}",
                "{% extends 'logback.xml' %}",
                "{{ 'x'.repeat(2000000000) }}",
                "{{ bos_token.formatted('x') }}",
                "{{ messages[0].put('role', 'x') }}"
            })
    void shouldRefuseWhenATemplateReachesForMoreThanItIsGiven(String source) {
        assertThatThrownBy(() -> template(source).render(HELLO)).isInstanceOf(ChatTemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {51, 30_000})
    void shouldRefuseBeforeItHangsWhenBracketsAreNestedDeeply(int depth) {
        String source = "{{ " + "(".repeat(depth - 2) + "1" + ")".repeat(depth - 2) + " }}";

        assertThatThrownBy(() -> template(source).render(HELLO))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("brackets are nested " + depth + " deep, at most 50 are read");
    }

    @Test
    void shouldRefuseBeforeItHangsWhenATemplateIsVeryLong() {
        assertThatThrownBy(
                        () -> template("{{ bos_token.strip() }}".repeat(3000)).render(HELLO))
                .isInstanceOf(ChatTemplateException.class)
                .hasMessageContaining("it has 69000 characters, at most 65536 are read");
    }

    @Test
    void shouldKnowMacrosAndLoopsWhenATemplateHasThem() {
        assertThat(template("{% macro tag(x) %}<{{ x }}>{% endmacro %}{% for m in messages %}{{ tag(m.role) }}"
                                + "{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{% endfor %}")
                        .render(HELLO))
                .isEqualTo("<user>0truetrue");
    }

    @Test
    void shouldNotInterpretAMessageWhenItLooksLikeATemplate() {
        String content = "{{ bos_token }}{% raw %}{# x #}";
        assertThat(template("{{ messages[0].content }}{{ messages[0]['content'] + '!' }}")
                        .render(List.of(new ChatMessage("user", content))))
                .isEqualTo(content + content + "!");
    }

    @Test
    void shouldTellTheSameDayWhenATemplateAsksForTheTime() {
        assertThat(template("{{ strftime_now('%A %d %B %Y, %d.%m.%y %H:%M:%S 100%%') }}")
                        .render(HELLO))
                .isEqualTo("Friday 26 July 2024, 26.07.24 00:00:00 100%");
    }
}
