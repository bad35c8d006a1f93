package io.circuitstream.circuits.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people type for a target token. */
class TokenSearchTest {
    @TempDir
    Path folder;

    private Tokens tokens(String name) throws IOException {
        return TokenizerFixture.copy(name, "llama", folder).tokens();
    }

    private static int id(Tokens tokens, String written) {
        int[] ids = tokens.encode(written).ids();
        assertThat(ids).hasSize(2);
        return ids[1];
    }

    @Test
    void shouldFindTheTokenWhenOnlyTheOneWithASpaceExists() throws IOException {
        try (Tokens gpt2 = tokens("gpt2")) {
            int capital = id(gpt2, " capital");
            assertThat(gpt2.single(" capital")).hasValue(capital);
            assertThat(gpt2.single("capital")).hasValue(capital);
            assertThat(gpt2.single("Ġcapital")).hasValue(capital);
            assertThat(gpt2.single("#" + capital)).hasValue(capital);
        }
    }

    @Test
    void shouldTakeTheTextAsItIsWhenATokenHasExactlyThatText() throws IOException {
        try (Tokens gpt2 = tokens("gpt2")) {
            assertThat(gpt2.single("t")).hasValue(id(gpt2, "t"));
            assertThat(gpt2.single(" t")).hasValue(id(gpt2, " t"));
            assertThat(id(gpt2, "t")).isNotEqualTo(id(gpt2, " t"));
        }
    }

    @Test
    void shouldTakeTheReadableFormWhenATokenIsNoText() throws IOException {
        try (Tokens gpt2 = tokens("gpt2")) {
            int newline = id(gpt2, "\n");
            assertThat(gpt2.token(newline)).isEqualTo("⏎");
            assertThat(gpt2.single("⏎")).hasValue(newline);
            int first = gpt2.encode("東").ids()[1];
            assertThat(gpt2.single("⟨E6⟩")).hasValue(first);
            assertThat(gpt2.token(first)).isEqualTo("⟨E6⟩");
            assertThat(gpt2.single("<|endoftext|>")).hasValue(gpt2.begin());
        }
    }

    @Test
    void shouldPreferTheTokenOfACharacterWhenOneOfItsByteExistsToo() throws IOException {
        try (Tokens gemma = tokens("gemma")) {
            int a = gemma.single("a").orElseThrow();
            assertThat(gemma.token(a)).isEqualTo("a");
            assertThat(gemma.single("<0x61>")).isPresent().isNotEqualTo(gemma.single("a"));
        }
    }

    @Test
    void shouldSayWhichTokensWhenSeveralAreWrittenSo() throws IOException {
        try (Tokens unigram = tokens("unigram")) {
            int[] ids = unigram.encode("t").ids();
            assertThatThrownBy(() -> unigram.single("t"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("'t' may be any of 't' \\(#\\d+\\), ' t' \\(#" + ids[1]
                            + "\\): give the one that is meant, or its number");
        }
    }

    @Test
    void shouldFindNothingWhenNoTokenIsWrittenSo() throws IOException {
        try (Tokens gpt2 = tokens("gpt2")) {
            assertThat(gpt2.single("zebra")).isEmpty();
            assertThat(gpt2.single("")).isEmpty();
            assertThat(gpt2.single("#401")).isEmpty();
            assertThat(gpt2.single("#999999999")).isEmpty();
        }
    }
}
