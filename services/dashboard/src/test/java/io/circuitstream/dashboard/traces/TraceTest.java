package io.circuitstream.dashboard.traces;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.dashboard.json.Json;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.TokenProbability;
import io.circuitstream.events.TrustVerdict;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.events.ValidationSettings;
import io.circuitstream.platform.serde.EventClasses;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TraceTest {
    private static PromptSubmitted prompt;
    private static Provenance provenance;

    /** An event with the stage that it is of. */
    private record Step(Stage stage, SpecificRecord event) {}

    @BeforeAll
    static void events() {
        EventClasses.trust();
        prompt = PromptSubmitted.newBuilder()
                .setPromptId("p")
                .setText("a b")
                .setTenant("lab")
                .build();
        provenance = Provenance.newBuilder()
                .setModelName("tiny")
                .setModelHash("h")
                .setScan("s")
                .build();
    }

    private static List<Step> all() {
        return List.of(
                new Step(Stage.PROMPTS, prompt),
                new Step(Stage.INFERENCE, inference(Status.OK, null)),
                new Step(
                        Stage.ATTRIBUTION,
                        AttributionGraph.newBuilder()
                                .setPromptId("p")
                                .setStatus(Status.OK)
                                .setRequest(prompt)
                                .setProvenance(provenance)
                                .setReplacementScore(.5)
                                .build()),
                new Step(Stage.PRUNING, circuit(prompt)),
                new Step(Stage.VALIDATION, report(Status.OK, null)));
    }

    private static InferenceCompleted inference(Status status, @Nullable String message) {
        return InferenceCompleted.newBuilder()
                .setPromptId("p")
                .setStatus(status)
                .setMessage(message)
                .setRequest(prompt)
                .setProvenance(provenance)
                .setTokens(List.of("a", "b"))
                .setTopLogits(List.of(
                        new TokenProbability(1, "w", 1f, .4f),
                        new TokenProbability(2, "x", 1f, .3f),
                        new TokenProbability(3, "y", 1f, .2f),
                        new TokenProbability(4, "z", 1f, .1f)))
                .build();
    }

    private static Circuit circuit(PromptSubmitted request) {
        return Circuit.newBuilder()
                .setPromptId("p")
                .setStatus(Status.OK)
                .setRequest(request)
                .setProvenance(provenance)
                .build();
    }

    private static ValidationReport report(Status status, @Nullable String message) {
        return ValidationReport.newBuilder()
                .setPromptId("p")
                .setStatus(status)
                .setMessage(message)
                .setRequest(prompt)
                .setProvenance(provenance)
                .setConfirmed(3)
                .setVerdict(TrustVerdict.SUPPORTED)
                .build();
    }

    private static Trace fold(List<Step> steps) {
        Trace trace = null;
        for (Step step : steps) {
            Mark mark =
                    new Mark(step.stage(), 1000 + 10 * List.of(Stage.values()).indexOf(step.stage()), "t", 0, 7);
            trace = Trace.with(trace, "p", mark, step.event());
        }
        return trace;
    }

    @Test
    void shouldBeTheSameInEveryOrderWhenResultsOvertakeTheirPrompt() {
        Trace inOrder = fold(all());
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            List<Step> shuffled = new ArrayList<>(all());
            Collections.shuffle(shuffled, random);

            assertThat(fold(shuffled)).isEqualTo(inOrder);
        }
        assertThat(inOrder.submission().at()).isEqualTo(1000);
        assertThat(inOrder.state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void shouldBeTheSameWhenItWasStored() {
        Trace trace = fold(all());

        assertThat(Json.read(Json.bytes(trace), Trace.class)).isEqualTo(trace);
    }

    @Test
    void shouldBeRunningUntilTheReportWhenItIsValidated() {
        assertThat(fold(all().subList(0, 4)).state()).isEqualTo(State.RUNNING);
        assertThat(fold(all().subList(0, 4)).stage()).isEqualTo(Stage.PRUNING);
    }

    @Test
    void shouldBeCompletedWithTheCircuitWhenItIsNotValidated() {
        PromptSubmitted untested = PromptSubmitted.newBuilder(prompt)
                .setValidation(ValidationSettings.newBuilder().setEnabled(false).build())
                .build();

        assertThat(fold(List.of(new Step(Stage.PROMPTS, untested), new Step(Stage.PRUNING, circuit(untested))))
                        .state())
                .isEqualTo(State.COMPLETED);
    }

    @Test
    void shouldNameTheFirstFailureWhenLaterStagesRepeatIt() {
        Step late = new Step(Stage.VALIDATION, report(Status.FAILED, "the prompt is empty: repeated"));
        Step early = new Step(Stage.INFERENCE, inference(Status.FAILED, "the prompt is empty"));

        for (List<Step> order : List.of(List.of(early, late), List.of(late, early))) {
            Trace trace = fold(order);
            assertThat(trace.state()).isEqualTo(State.FAILED);
            assertThat(trace.failure()).isEqualTo(new Trace.Failure(Stage.INFERENCE, "the prompt is empty"));
        }
    }

    @Test
    void shouldTellWhatIsKnownAndNullForTheRestWhenItIsARow() {
        var row = SummaryJson.of(fold(all().subList(0, 2)));

        assertThat(row.path("text").textValue()).isEqualTo("a b");
        assertThat(row.path("tenant").textValue()).isEqualTo("lab");
        assertThat(row.path("model").textValue()).isEqualTo("tiny");
        assertThat(row.path("topLogits")).hasSize(3);
        assertThat(row.path("topLogits").path(0).path("token").textValue()).isEqualTo("w");
        assertThat(row.path("stageMs").path("inference").longValue()).isEqualTo(10);
        assertThat(row.path("stageMs").path("attribution").isNull()).isTrue();
        assertThat(row.path("verdict").isNull()).isTrue();
        assertThat(row.path("nodes").isNull()).isTrue();
        assertThat(row.path("submittedAt").longValue()).isEqualTo(1000);
    }

    @Test
    void shouldCountEachTraceOnceWhenTotalsFollowItsChanges() {
        Totals totals = new Totals(0, 0, 0, java.util.Map.of(), java.util.Map.of());
        Trace before = null;
        for (int n = 1; n <= 5; n++) {
            Trace after = fold(all().subList(0, n));
            totals = totals.changed(before, after);
            before = after;
        }
        assertThat(totals.traces()).isEqualTo(1);
        assertThat(totals.running()).isZero();
        assertThat(totals.models()).containsKey("s");

        assertThat(totals.changed(before, null).traces()).isZero();
    }
}
