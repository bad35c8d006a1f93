package io.circuitstream.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.events.GeneratedToken;
import io.circuitstream.events.HeldFeature;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Status;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringMode;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.events.TokenProbability;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.RequestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

class SteeringStageTest {
    private static final int[] TOKENS = {1, 5, 9, 3};

    @TempDir
    static Path folder;

    private static TraceableModel model;
    /** An active feature of a middle layer. */
    private static HeldFeature held;

    @BeforeAll
    static void load() throws IOException {
        EventClasses.trust();
        model = TraceableModel.load(
                TinyModels.llama(folder.resolve("tiny"), 11),
                TinyModels.transcoder(folder.resolve("clt"), Kind.CROSS_LAYER, InputSite.RESID_MID, true, 12),
                1);
        try (LocalReplacementModel local = model.local(TOKENS)) {
            ActiveFeatures active = local.features();
            int i = active.layerStart()[1];
            held = HeldFeature.newBuilder()
                    .setLayer(1)
                    .setFeature(active.index()[i])
                    .setFrom(active.position()[i])
                    .setTo(active.position()[i] + 1)
                    .build();
        }
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static SteeringRequested.Builder request(HeldFeature... features) {
        return SteeringRequested.newBuilder()
                .setRequestId("s1")
                .setPrompt(PromptSubmitted.newBuilder()
                        .setPromptId("s1")
                        .setTokenIds(List.of(1, 5, 9, 3))
                        .build())
                .setInterventions(List.of(features))
                .setNewTokens(4);
    }

    private static HeldFeature held(float factor) {
        return HeldFeature.newBuilder(held).setFactor(factor).build();
    }

    private static SteeringCompleted process(SteeringRequested.Builder request) {
        return new SteeringStage(model, 16).process(Received.asWritten(request.build()), done -> {});
    }

    @ParameterizedTest
    @EnumSource(value = SteeringMode.class, names = "UNKNOWN", mode = Mode.EXCLUDE)
    void shouldMoveTheAnswerWhenAFeatureIsHeldAndNotWhenItIsHeldAtItself(SteeringMode mode) {
        SteeringCompleted same = process(request(held(1)).setMode(mode));
        SteeringCompleted other = process(request(held(-3)).setMode(mode));

        assertThat(same.getStatus()).isEqualTo(Status.OK);
        assertThat(same.getDivergence()).isCloseTo(0, within(1e-9));
        assertThat(other.getDivergence()).isGreaterThan(1e-6);
        assertThat(other.getCleanTop()).isEqualTo(same.getCleanTop()).hasSize(5);
        assertThat(other.getSteeredTop()).isNotEqualTo(other.getCleanTop());
        assertThat(other.getCleanTop())
                .extracting(TokenProbability::getProbability)
                .isSortedAccordingTo((a, b) -> Float.compare(b, a));
        assertThat(other.getSteeredContinuation()).hasSize(mode == SteeringMode.MODEL ? 4 : 0);
    }

    /** The continuation steers every pass itself; its first token is the one that was measured. */
    @Test
    void shouldGoOnFromTheSteeredAnswerWhenTokensAreAskedFor() {
        SteeringCompleted result =
                process(request(HeldFeature.newBuilder(held(-8)).setTo(null).build()));

        GeneratedToken first = result.getSteeredContinuation().get(0);
        assertThat(first.getTokenId()).isEqualTo(result.getSteeredTop().get(0).getId());
        assertThat(first.getProbability())
                .isCloseTo(result.getSteeredTop().get(0).getProbability(), within(1e-5f));
        assertThat(result.getCleanContinuation().get(0).getTokenId())
                .isEqualTo(result.getCleanTop().get(0).getId());
    }

    @Test
    void shouldHoldAnInactiveFeatureEverywhereWhenNoPositionIsGiven() {
        HeldFeature everywhere = HeldFeature.newBuilder()
                .setLayer(0)
                .setFeature(held.getFeature())
                .setActivation(5f)
                .build();
        assertThat(process(request(everywhere)).getDivergence()).isGreaterThan(1e-4);
    }

    static Stream<Arguments> refused() {
        HeldFeature both = HeldFeature.newBuilder(held(1)).setActivation(1f).build();
        HeldFeature outside = HeldFeature.newBuilder(held(1)).setLayer(9).build();
        HeldFeature late = HeldFeature.newBuilder(held(1)).setFrom(7).setTo(8).build();
        HeldFeature backwards =
                HeldFeature.newBuilder(held(1)).setFrom(3).setTo(2).build();
        HeldFeature bos = HeldFeature.newBuilder(held(1)).setFrom(0).setTo(1).build();
        return Stream.of(
                arguments(request(held), "needs a factor or an activation"),
                arguments(request(both), "needs a factor or an activation"),
                arguments(request(held(Float.NaN)), "needs a factor or an activation"),
                arguments(request(outside), "feature 9/"),
                arguments(request(late), "cannot be changed at position 7"),
                arguments(request(backwards), "positions 3 to 2 are no range"),
                arguments(
                        request(bos),
                        "cannot be held at position 0: it is BOS, masked, and has no features; the prompt has them at"
                                + " positions 1 to 3"),
                arguments(request(held(0)).setTopTokens(0), "topTokens is 0, must be 1 to 1000"),
                arguments(request(held(0)).setNewTokens(99), "newTokens is 99, must be 0 to 16"),
                arguments(request(held(0)).setMode(SteeringMode.UNKNOWN), "newer version"),
                arguments(
                        request(held(0)).setMode(SteeringMode.CONSTRAINED).setLastLayer(9),
                        "layers 0 to 9 are not in a model"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldRefuseWithAReasonWhenTheRequestCannotBeFulfilled(SteeringRequested.Builder request, String reason) {
        assertThatThrownBy(() -> process(request))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(reason);
    }
}
