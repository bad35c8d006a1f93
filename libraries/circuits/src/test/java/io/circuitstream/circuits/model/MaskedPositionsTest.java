package io.circuitstream.circuits.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskedPositionsTest {
    @TempDir
    Path folder;

    private int masked(Tokens tokens, int... prompt) {
        return MaskedPositions.of(ModelConfig.read(folder), tokens).of(prompt);
    }

    @Test
    void shouldMaskTheUsersTurnWhenThePromptIsForInstructedGemma3() throws IOException {
        try (Tokens tokens =
                TokenizerFixture.copy("gemma", "gemma3_text", folder).tokens()) {
            int[] chat = tokens.encode("<bos><start_of_turn>user\nAustin").ids();
            assertThat(tokens.tokens(Arrays.copyOf(chat, 4))).containsExactly("<bos>", "<start_of_turn>", "user", "⏎");
            assertThat(masked(tokens, chat)).isEqualTo(4);
            assertThat(masked(tokens, Arrays.copyOf(chat, 4))).isEqualTo(4);
            assertThat(masked(tokens, Arrays.copyOf(chat, 3))).isEqualTo(1);
            assertThat(masked(tokens, tokens.encode("Austin").ids())).isEqualTo(1);
        }
    }

    @Test
    void shouldMaskOnlyBosWhenTheSamePromptIsForGemma2() throws IOException {
        try (Tokens tokens = TokenizerFixture.copy("gemma", "gemma2", folder).tokens()) {
            assertThat(masked(
                            tokens, tokens.encode("<start_of_turn>user\nAustin").ids()))
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldMaskTheFirstPositionOnlyWhenASpecialTokenStandsThere() throws IOException {
        try (Tokens tokens = TokenizerFixture.copy("qwen2", "qwen2", folder).tokens()) {
            int[] turn = tokens.encode("<|im_start|>user").ids();
            assertThat(tokens.token(turn[0])).isEqualTo("<|im_start|>");
            assertThat(masked(tokens, turn)).isEqualTo(1);
            assertThat(masked(tokens, tokens.begin(), 5)).isEqualTo(1);
            assertThat(masked(tokens, 5, tokens.begin())).isZero();
        }
    }

    @Test
    void shouldNotMaskAnUnknownWordWhenTheFileCallsItSpecial() throws IOException {
        try (Tokens tokens =
                TokenizerFixture.copy("word-level", "llama", folder).tokens()) {
            assertThat(masked(tokens, tokens.unknown(), 5)).isZero();
            assertThat(tokens.encode("zebra").ids()).containsExactly(tokens.begin(), tokens.unknown());
        }
    }
}
