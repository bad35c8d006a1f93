package io.circuitstream.circuits.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenTextTest {
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                " Austin, Austin",
                "'a\nb\r\t',a⏎b↵→",
                "a\u0000\u001B,a⟨U+0000⟩⟨U+001B⟩",
                "a\u00A0\u200B\u2028\uFEFF,a⟨U+00A0⟩⟨U+200B⟩⟨U+2028⟩⟨U+FEFF⟩",
                "e\u0301 🙂 日本,e\u0301 🙂 日本"
            })
    void shouldShowEveryCharacterWhenItCouldNotBeSeen(String text, String readable) {
        assertThat(TokenText.of(text).readable()).isEqualTo(readable);
    }

    @Test
    void shouldTellBytesApartWhenTheyAreNoWholeCharacter() {
        byte[] euro = "x€y€".getBytes(StandardCharsets.UTF_8);

        assertThat(new TokenText(Arrays.copyOf(euro, 3)).readable()).isEqualTo("x⟨E2⟩⟨82⟩");
        assertThat(new TokenText(Arrays.copyOfRange(euro, 2, 8)).readable()).isEqualTo("⟨82⟩⟨AC⟩y€");
        assertThat(new TokenText(new byte[] {(byte) 0xFF}).readable()).isEqualTo("⟨FF⟩");
        assertThat(new TokenText(new byte[0]).readable()).isEmpty();
    }
}
