package io.circuitstream.circuits.model;

import java.util.Arrays;

/**
 * Decides which leading positions have no features and no errors, as circuit-tracer does: 1 where the prompt begins with a special
 * token; 4 for Gemma-3 where it begins with a user's turn, which the transcoders for Gemma-3-it were not trained on.
 *
 * @param userTurn empty for other families
 */
record MaskedPositions(Tokens tokens, int[] userTurn) {
    private static final String START_OF_TURN = "<start_of_turn>";

    static MaskedPositions of(ModelConfig config, Tokens tokens) {
        int[] turn = tokens.encode(START_OF_TURN + "user\n").ids();
        boolean instructed = config.modelType().startsWith("gemma3")
                && turn.length == 4
                && tokens.token(turn[1]).equals(START_OF_TURN);
        return new MaskedPositions(tokens, instructed ? turn : new int[0]);
    }

    int of(int[] prompt) {
        int turn = userTurn.length;
        if (turn > 0 && prompt.length >= turn && Arrays.equals(userTurn, Arrays.copyOf(prompt, turn))) {
            return turn;
        }
        return tokens.isSpecial(prompt[0]) ? 1 : 0;
    }
}
