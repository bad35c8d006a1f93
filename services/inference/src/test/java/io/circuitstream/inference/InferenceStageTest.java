package io.circuitstream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.events.ChatMessage;
import io.circuitstream.events.Columns;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Status;
import io.circuitstream.events.TokenProbability;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.RequestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InferenceStageTest {
    private static final int MAX_TOKENS = 6;

    @TempDir
    static Path folder;

    private static TraceableModel model;

    @BeforeAll
    static void load() throws IOException {
        EventClasses.trust();
        model = TraceableModel.load(
                TinyModels.llama(folder.resolve("tiny"), 11),
                TinyModels.transcoder(folder.resolve("clt"), Kind.CROSS_LAYER, InputSite.RESID_MID, true, 12),
                2);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void shouldDescribeWhatTheModelDidWhenThePromptIsText() {
        InferenceCompleted result = process(text("w5 w9 w3"));

        assertThat(result.getStatus()).isEqualTo(Status.OK);
        assertThat(result.getMessage()).isNull();
        assertThat(result.getWarnings()).isEmpty();
        assertThat(result.getTokenIds()).containsExactly(1, 5, 9, 3);
        assertThat(result.getTokens()).containsExactly("<bos>", "w5", "w9", "w3");
        assertThat(result.getText()).isEqualTo("w5 w9 w3");
        assertThat(result.getTokenStart()).containsExactly(-1, 0, 3, 6);
        assertThat(result.getTokenEnd()).containsExactly(-1, 2, 5, 8);
        assertThat(result.getLayers()).isEqualTo(TinyModels.LAYERS);
        assertThat(result.getMaskedPositions()).isEqualTo(1);
        assertThat(Columns.floats(result.getErrorNorm())).hasSize(TinyModels.LAYERS * 4);
        assertThat(result.getAgreement().getNormalisedMse()).hasSize(TinyModels.LAYERS);
        assertThat(result.getAgreement().getKlDivergence()).isGreaterThanOrEqualTo(0);
    }

    @Test
    void shouldRankTheNextTokensWhenItRuns() {
        List<TokenProbability> top = process(text("w5 w9 w3")).getTopLogits();

        assertThat(top)
                .hasSize(10)
                .isSortedAccordingTo(Comparator.comparingDouble(TokenProbability::getProbability)
                        .reversed());
        float[] logits;
        try (LocalReplacementModel local = model.local(new int[] {1, 5, 9, 3})) {
            logits = local.pass().logits(3);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        TokenProbability first = top.get(0);
        assertThat(first.getLogit()).isEqualTo(logits[first.getId()]);
        assertThat((double) first.getProbability()).isCloseTo(Math.exp(first.getLogit()) / sum, within(1e-6));
        assertThat(first.getToken()).isEqualTo(model.model().tokens().token(first.getId()));
    }

    @Test
    void shouldListTheActiveFeaturesInOrderWhenItRuns() {
        InferenceCompleted result = process(text("w5 w9 w3"));

        int[] layer = Columns.ints(result.getFeatureLayer());
        int[] position = Columns.ints(result.getFeaturePosition());
        int[] index = Columns.ints(result.getFeatureIndex());
        float[] activation = Columns.floats(result.getFeatureActivation());
        assertThat(layer).hasSizeGreaterThan(50).hasSameSizeAs(activation).isSorted();
        assertThat(position).hasSameSizeAs(layer).doesNotContain(0);
        for (int i = 1; i < layer.length; i++) {
            long before = ((long) layer[i - 1] * 100 + position[i - 1]) * 100 + index[i - 1];
            assertThat(((long) layer[i] * 100 + position[i]) * 100 + index[i]).isGreaterThan(before);
        }
        for (float a : activation) {
            assertThat(a).isPositive();
        }
        try (LocalReplacementModel local = model.local(new int[] {1, 5, 9, 3})) {
            assertThat(result.getFeaturesDigest()).isEqualTo(local.features().digest());
        }
    }

    @Test
    void shouldTakeTokenIdsAsTheyAreWhenGivenInsteadOfText() {
        InferenceCompleted withBos = process(ids(1, 5, 9, 3));
        InferenceCompleted without = process(ids(5, 9, 3));

        assertThat(withBos.getFeaturesDigest())
                .isEqualTo(process(text("w5 w9 w3")).getFeaturesDigest());
        assertThat(without.getTokenIds()).containsExactly(5, 9, 3);
        assertThat(without.getText()).isNull();
        assertThat(without.getTokenStart()).isEmpty();
        assertThat(without.getMaskedPositions()).isZero();
    }

    @Test
    void shouldWarnAndTraceWhenAWordIsUnknown() {
        InferenceCompleted result = process(text("w5 \uD83D\uDE42 Dallas w9"));

        assertThat(result.getStatus()).isEqualTo(Status.OK);
        assertThat(result.getTokenIds()).containsExactly(1, 5, 0, 0, 9);
        assertThat(result.getWarnings())
                .containsExactly(
                        "unknown word '\uD83D\uDE42' is read as <unk>", "unknown word 'Dallas' is read as <unk>");
    }

    @Test
    void shouldTakeALongestPromptWhenItHasExactlyTheLimit() {
        assertThat(process(text("w2 w3 w4 w5 w6")).getTokenIds()).hasSize(MAX_TOKENS);
    }

    @Test
    void shouldServeAModelWhenItIsNamedOrHashed() {
        assertThat(process(prompt().setText("w5").setModel("tiny").build()).getStatus())
                .isEqualTo(Status.OK);
        assertThat(process(prompt().setText("w5").setModel(model.model().hash()).build())
                        .getStatus())
                .isEqualTo(Status.OK);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("empty", text(""), "the prompt is empty: give at least one token"),
                arguments("blank", text(" \t\n"), "the prompt is empty: give at least one token"),
                arguments("only BOS", text("<bos>"), "the prompt is empty: give at least one token"),
                arguments("only BOS's id", ids(1), "the prompt is empty: give at least one token"),
                arguments("no ids", ids(), "the prompt is empty: give at least one token"),
                arguments("neither", prompt().build(), "give one of text, tokenIds and messages: this prompt has none"),
                arguments(
                        "both",
                        prompt().setText("w5").setTokenIds(List.of(5)).build(),
                        "give one of text, tokenIds and messages: this prompt has text and tokenIds"),
                arguments(
                        "text and messages",
                        prompt().setText("w5")
                                .setMessages(List.of(new ChatMessage("user", "w5")))
                                .build(),
                        "give one of text, tokenIds and messages: this prompt has text and messages"),
                arguments(
                        "no messages",
                        prompt().setMessages(List.of()).build(),
                        "the conversation is empty: give at least one message"),
                arguments(
                        "messages for a model without a template",
                        prompt().setMessages(List.of(new ChatMessage("user", "w5")))
                                .build(),
                        "the model has no chat template: give the prompt as text, or put the model's chat_template.jinja"
                                + " (or tokenizer_config.json with a chat_template) into its folder"),
                arguments(
                        "too long",
                        text("w2 w3 w4 w5 w6 w7"),
                        "the prompt has 7 tokens, the limit is 6: shorten it, or raise circuitstream.prompt.max.tokens"
                                + " (the model's own limit is 64)"),
                arguments("negative id", ids(1, -1), "token id -1 is not in the model's vocabulary: ids are 0 to 39"),
                arguments("id too large", ids(1, 40), "token id 40 is not in the model's vocabulary: ids are 0 to 39"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void shouldRefuseWithAReasonWhenThePromptCannotBeRun(String name, PromptSubmitted prompt, String message) {
        assertThatThrownBy(() -> process(prompt))
                .isInstanceOf(RequestException.class)
                .hasMessage(message);
    }

    @Test
    void shouldNameBothModelsWhenAnotherIsWanted() {
        PromptSubmitted prompt = prompt().setText("w5").setModel("gemma").build();

        assertThatThrownBy(() -> process(prompt))
                .isInstanceOf(RequestException.class)
                .hasMessage("model 'gemma' is not served here; served is 'tiny' ("
                        + model.model().hash() + ")");
    }

    @Test
    void shouldNotGoBeyondTheModelWhenTheSettingAllowsMore() {
        InferenceStage generous = new InferenceStage(model, 1000);

        assertThatThrownBy(() -> process(
                        generous,
                        prompt().setTokenIds(Collections.nCopies(65, 5)).build()))
                .isInstanceOf(RequestException.class)
                .hasMessageStartingWith("the prompt has 65 tokens, the limit is 64: shorten it");
    }

    @Test
    void shouldSayWhatItWasComputedWithAndFromWhenItSucceedsOrFails() {
        PromptSubmitted prompt = text("w5");
        Received<PromptSubmitted> input = received(prompt);
        InferenceStage stage = new InferenceStage(model, MAX_TOKENS);

        InferenceCompleted ok = stage.process(input, done -> {});
        InferenceCompleted failed = stage.failed(input, "no");

        assertThat(failed.getProvenance()).isEqualTo(ok.getProvenance());
        assertThat(ok.getProvenance().getModelName()).isEqualTo("tiny");
        assertThat(ok.getProvenance().getModelHash()).isEqualTo(model.model().hash());
        assertThat(ok.getProvenance().getScan()).isEqualTo(model.transcoder().scan());
        assertThat(ok.getProvenance().getThreads()).isEqualTo(2);
        assertThat(ok.getProvenance().getSource().getTopic()).isEqualTo("prompts");
        assertThat(ok.getProvenance().getSource().getSha256()).isEqualTo(EventDigest.sha256(prompt));
        assertThat(failed.getStatus()).isEqualTo(Status.FAILED);
        assertThat(failed.getMessage()).isEqualTo("no");
        assertThat(failed.getRequest()).isEqualTo(prompt);
    }

    private static InferenceCompleted process(PromptSubmitted prompt) {
        return process(new InferenceStage(model, MAX_TOKENS), prompt);
    }

    private static InferenceCompleted process(InferenceStage stage, PromptSubmitted prompt) {
        return stage.process(received(prompt), done -> {});
    }

    private static Received<PromptSubmitted> received(PromptSubmitted prompt) {
        return Received.asWritten(prompt);
    }

    private static PromptSubmitted.Builder prompt() {
        return PromptSubmitted.newBuilder().setPromptId("p1");
    }

    private static PromptSubmitted text(String text) {
        return prompt().setText(text).build();
    }

    private static PromptSubmitted ids(Integer... ids) {
        return prompt().setTokenIds(List.of(ids)).build();
    }
}
