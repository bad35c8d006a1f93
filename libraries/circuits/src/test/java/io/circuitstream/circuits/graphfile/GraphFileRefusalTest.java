package io.circuitstream.circuits.graphfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that lie, are broken or too large: refused by name, before memory is taken. */
class GraphFileRefusalTest {
    private static AbstractThrowableAssert<?, ?> assertRefused(String text) {
        return assertThatThrownBy(() -> TinyGraphFile.parse(text)).isInstanceOf(GraphFileException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"weight\": 2 | \"weight\": NaN | link 3: weight is 'NaN', must be a finite number",
                "\"weight\": 2 | \"weight\": -Infinity | link 3: weight is '-Infinity', must be a finite number",
                "\"weight\": 2 | \"weight\": 1e39 | link 3: weight is '1e39', must be a finite number",
                "\"weight\": 2 | \"weight\": 1e999 | link 3: weight is '1e999', must be a finite number",
                "\"weight\": 2 | \"weight\": null | link 3: weight is 'null', must be a finite number",
                "\"weight\": 2 | \"weight\": \"2\" | link 3: weight is '2', must be a finite number",
                "\"weight\": 2 | \"wait\": 2 | link 3 has no weight",
                "\"source\": \"1_5_1\", | '' | link 3 has no source",
                "\"source\": \"1_5_1\" | \"source\": 151 | link 3: source must be a node's id as text",
                "\"source\": \"1_5_1\" | \"source\": \"1_6_1\" | link 3 ('1_6_1' → '3_9_1'): no node has the id '1_6_1'",
                "\"target\": \"3_9_1\" | \"target\": \"0_1_1\" | goes from layer 1, position 1 to layer 0, position 1",
                "\"source\": \"E_7_0\" | \"source\": \"3_9_1\" | link 0 ('3_9_1' → '0_1_1') goes from layer 2",
                "\"target\": \"0_1_1\" | \"target\": \"E_8_1\" | link 0 ('E_7_0' → 'E_8_1') ends in an embedding",
                "\"target\": \"3_9_1\" | \"target\": \"0_0_0\" | link 3 ('1_5_1' → '0_0_0') ends in an error",
                "\"source\": \"0_0_0\", \"target\": \"1_5_1\" | \"source\": \"0_1_1\", \"target\": \"1_5_1\" | link 2 ('0_1_1' → '1_5_1') is there twice",
                "\"node_id\": \"E_8_1\" | \"node_id\": \"E_8_0\" | node 4 ('E_8_0'): node_id is 'E_8_0', must be {layer}_{token id}_{ctx_idx}",
                "\"node_id\": \"1_5_1\" | \"node_id\": \"2_5_1\" | with the node's layer 1 and ctx_idx 1",
                "\"node_id\": \"1_5_1\" | \"node_id\": \"1_99999999999_1\" | must be {layer}_{feature}_{ctx_idx}",
                "\"node_id\": \"1_5_1\" | \"node_id\": 151 | node 0: node_id must be a text",
                "\"node_id\": \"0_0_0\" | \"node_id\": \"E_7_0\" | nodes 2 and 3 have the same id ('E_7_0')",
                "\"node_id\": \"0_0_0\" | \"node_id\": \"1_5_1\" | nodes 0 and 2 have the same id ('1_5_1')",
                "\"layer\": \"1\" | \"layer\": \"one\" | node 0 ('1_5_1'): layer is 'one', must be a whole number",
                "\"layer\": \"1\" | \"layer\": -1 | layer is '-1'",
                "\"layer\": \"1\" | \"layer\": 1.5 | layer is '1.5'",
                "\"layer\": \"1\" | \"layer\": \"E\" | layer is 'E', must be E for embeddings and a number",
                "\"layer\": \"3\" | \"layer\": \"2\" | node 5 ('3_9_1'): node_id is '3_9_1'",
                "\"ctx_idx\": 0, \"feature_type\": \"mlp | \"ctx_idx\": 2, \"feature_type\": \"mlp | node 2 ('0_0_0') is at ctx_idx 2, but there are 2",
                "\"ctx_idx\": 0, \"feature_type\": \"mlp | \"ctx_idx\": -1, \"feature_type\": \"mlp | ctx_idx is '-1'",
                "\"ctx_idx\": 0, \"feature_type\": \"mlp | \"ctx_idx\": \"0\", \"feature_type\": \"mlp | ctx_idx is '0', must be a whole number",
                "\"layer\": \"0\" | \"layer\": \"999999999\" | layers and 2 tokens are more than a graph may have",
                "\"layer\": \"0\" | \"layer\": \"3\" | node 5 ('3_9_1') is in layer 3, but there are nodes up to layer 3",
                "\"feature_type\": \"logit\" | \"feature_type\": \"lorsa\" | node 5 ('3_9_1'): feature_type is 'lorsa', must be",
                "\"clerp\": \"says <b>\" | \"clerp\": [\"says\"] | node 0 ('1_5_1'): clerp is no such thing, must be a text",
                "\"activation\": 2.5 | \"activation\": NaN | activation is 'NaN', must be a finite number or null",
                "\"influence\": 0.5 | \"influence\": \"high\" | influence is 'high', must be a finite number or null",
                "\"token_prob\": 0.75 | \"token_prob\": -1 | token_prob is '-1', must be a probability above 0",
                "\"prompt_tokens\": [\"a\", \"b\"] | \"prompt_tokens\": [] | metadata.prompt_tokens is empty",
                "\"prompt_tokens\": [\"a\", \"b\"] | \"prompt_tokens\": [1, 2] | metadata.prompt_tokens must be a list of texts",
                "\"prompt_tokens\": [\"a\", \"b\"] | \"tokens\": [] | metadata.prompt_tokens must be a list of texts",
                "\"prompt_tokens\": [\"a\", \"b\"] | \"prompt_tokens\": [\"a\", \"b\", \"c\"] | node 5 ('3_9_1') is at ctx_idx 1, but logits read the last",
                "\"scan\": \"abc\" | \"scan\": 3 | metadata.scan is no text",
                "[[\"said\", \"0_0_0\", \"1_5_1\"]] | [[]] | qParams.supernodes[0] is empty",
                "[[\"said\", \"0_0_0\", \"1_5_1\"]] | [\"said\"] | qParams.supernodes[0] must be a list of texts",
                "[[\"said\", \"0_0_0\", \"1_5_1\"]] | {} | qParams.supernodes is no array",
                "[\"0_1_1\", \"0_0_0\"] | \"0_1_1,0_0_0\" | qParams.pinnedIds must be a list of texts",
                "\"metadata\" | \"meta\" | metadata is missing",
                "\"links\": [ | \"edges\": [ | links is missing",
                "\"slug\": \"s\" | \"slug\": \"s\", \"slug\": \"t\" | Duplicate",
                "\"nodes\": [ | \"nodes\": [7, | node 0 is no object",
                "\"links\": [ | \"links\": [[], | link 0 is no object",
            })
    void shouldNameNodeOrLinkWhenItIsWrong(String old, String replacement, String message) {
        assertThat(TinyGraphFile.TEXT).contains(old);
        assertRefused(TinyGraphFile.TEXT.replaceFirst(
                        java.util.regex.Pattern.quote(old), java.util.regex.Matcher.quoteReplacement(replacement)))
                .hasMessageContaining(message);
    }

    @TempDir
    Path folder;

    @Test
    void shouldNameTheFileWhenItIsWrong() throws IOException {
        Path file = folder.resolve("cat.json");
        Files.writeString(file, "a picture of a cat");
        assertThatThrownBy(() -> GraphFile.read(file))
                .isInstanceOf(GraphFileException.class)
                .hasMessageContaining("cat.json: cannot be read at line 1, column 1");
    }

    @Test
    void shouldRefuseWhenTheDocumentIsNoSingleObject() {
        assertRefused("").hasMessageContaining("no JSON object");
        assertRefused("[]").hasMessageContaining("no JSON object");
        assertRefused("{}").hasMessageContaining("metadata is missing");
        assertRefused(TinyGraphFile.TEXT + "{}").hasMessageContaining("something follows");
    }

    /** Wherever the text is cut, there is a sentence and never another exception. */
    @Test
    void shouldRefuseWhenTheFileIsTruncatedAnywhere() {
        int end = TinyGraphFile.TEXT.lastIndexOf('}');
        for (int length = 0; length < end; length++) {
            assertRefused(TinyGraphFile.TEXT.substring(0, length));
        }
    }

    @Test
    void shouldRefuseWhenNoNodeIsALogit() {
        String text = TinyGraphFile.TEXT.replaceFirst(",\\s*\\{\"node_id\": \"3_9_1\"[^}]*}", "");
        assertRefused(text).hasMessageContaining("no node is a logit");
    }

    @Test
    void shouldRefuseWhenLogitsAreInTwoLayers() {
        String logit = "{\"node_id\": \"4_8_1\", \"layer\": \"4\", \"ctx_idx\": 1, \"feature_type\": \"logit\","
                + " \"token_prob\": 0.1}, ";
        assertRefused(TinyGraphFile.TEXT.replace("\"nodes\": [", "\"nodes\": [" + logit))
                .hasMessageContaining("node 6 ('3_9_1') is in layer 3, another logit in layer 4");
    }

    @Test
    void shouldRefuseWhenALinkGoesBackInThePrompt() {
        String feature = "{\"node_id\": \"0_4_0\", \"layer\": \"0\", \"ctx_idx\": 0,"
                + " \"feature_type\": \"cross layer transcoder\"}, ";
        String link = "{\"source\": \"E_8_1\", \"target\": \"0_4_0\", \"weight\": 1}, ";
        assertRefused(TinyGraphFile.TEXT
                        .replace("\"nodes\": [", "\"nodes\": [" + feature)
                        .replace("\"links\": [", "\"links\": [" + link))
                .hasMessageContaining("goes from layer -1, position 1 to layer 0, position 0");
    }

    @Test
    void shouldRefuseWhenTwoErrorsAreTheSame() {
        String error = "{\"node_id\": \"0_error_mlp_0\", \"layer\": \"0\", \"ctx_idx\": 0,"
                + " \"feature_type\": \"mlp reconstruction error\"}, ";
        assertRefused(TinyGraphFile.TEXT.replace("\"nodes\": [", "\"nodes\": [" + error))
                .hasMessageContaining("nodes 0 and 3 are the same node ('0_0_0')");
    }

    @Test
    void shouldShowNoControlCharactersAndLittleTextWhenQuoting() {
        String hostile = "\\u001b[2J" + "x".repeat(100);
        assertRefused(TinyGraphFile.TEXT.replace("\"source\": \"1_5_1\"", "\"source\": \"" + hostile + "\""))
                .hasMessageContaining("'\uFFFD[2J" + "x".repeat(56) + "…'")
                .hasMessageNotContaining("\u001b");
    }

    @Test
    void shouldStopReadingWhenTheFileIsTooLarge() {
        InputStream endless = endless("{\"else\": \"x\"", " ");
        assertThatThrownBy(() -> GraphFile.read(endless))
                .isInstanceOf(GraphFileException.class)
                .hasMessageContaining("larger or deeper than a graph file may be (64 MiB, 6000000 JSON tokens")
                .hasMessageContaining("Document length");
    }

    @Test
    void shouldStopReadingWhenThereAreTooManyTokens() {
        InputStream endless = endless("{\"qParams\": {\"x\": [0", ",0");
        assertThatThrownBy(() -> GraphFile.read(endless))
                .isInstanceOf(GraphFileException.class)
                .hasMessageContaining("Token count (6000001)");
    }

    @Test
    void shouldStopReadingWhenThereAreTooManyNodes() {
        String node = "{\"node_id\":\"E_7_0\",\"layer\":\"E\",\"ctx_idx\":0,\"feature_type\":\"embedding\"},";
        InputStream endless = endless("{\"nodes\": [", node);
        assertThatThrownBy(() -> GraphFile.read(endless))
                .isInstanceOf(GraphFileException.class)
                .hasMessageContaining("more than 100000 nodes");
    }

    @Test
    void shouldStopReadingWhenItIsNestedTooDeep() {
        assertRefused("{\"else\": " + "[".repeat(100_000)).hasMessageContaining("depth 32");
        assertRefused("{\"metadata\": " + "{\"a\":".repeat(100_000)).hasMessageContaining("depth 32");
    }

    /** The text, then the other a hundred million times. */
    private static InputStream endless(String start, String more) {
        byte[] block = more.repeat(1024).getBytes(StandardCharsets.UTF_8);
        InputStream tail = new SequenceInputStream(Collections.enumeration(Collections.nCopies(100_000, block).stream()
                .<InputStream>map(ByteArrayInputStream::new)
                .toList()));
        return new SequenceInputStream(new ByteArrayInputStream(start.getBytes(StandardCharsets.UTF_8)), tail);
    }
}
