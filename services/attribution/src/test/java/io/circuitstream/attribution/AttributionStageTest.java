package io.circuitstream.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.Columns;
import io.circuitstream.events.Expansion;
import io.circuitstream.events.FeatureTarget;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.LogitDifference;
import io.circuitstream.events.LogitTarget;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.TokenDifference;
import io.circuitstream.events.VectorTarget;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.serde.EventDigest;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.RequestException;
import io.circuitstream.platform.stream.StageProgressListener.Done;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AttributionStageTest {
    @TempDir
    static Path folder;

    private static TraceableModel model;

    @BeforeAll
    static void load() throws IOException {
        EventClasses.trust();
        model = Inferences.model(folder);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void shouldWriteColumnsThatAgreeWhenTheInferenceIsOk() {
        AttributionGraph graph = process(Inferences.ok(model).build());

        assertThat(graph.getStatus()).isEqualTo(Status.OK);
        assertThat(graph.getTokenIds()).containsExactly(1, 5, 9, 3, 17);
        assertThat(graph.getTokens()).containsExactly("<bos>", "w5", "w9", "w3", "w17");
        assertThat(graph.getLayers()).isEqualTo(TinyModels.LAYERS);
        assertThat(graph.getMaskedPositions()).isEqualTo(1);
        int features = Columns.ints(graph.getFeatureLayer()).length;
        assertThat(features).isGreaterThan(50);
        assertThat(Columns.ints(graph.getFeaturePosition())).hasSize(features);
        assertThat(Columns.ints(graph.getFeatureIndex())).hasSize(features);
        assertThat(Columns.floats(graph.getFeatureActivation())).hasSize(features);
        assertThat(Columns.floats(graph.getErrorNorm())).hasSize(TinyModels.LAYERS * 5);
        int rows = Columns.ints(graph.getRowNode()).length;
        assertThat(rows).isEqualTo(features + graph.getTargets().size());
        assertThat(Columns.longs(graph.getRowPtr()))
                .hasSize(rows + 1)
                .isSorted()
                .endsWith(Columns.ints(graph.getCol()).length);
        assertThat(Columns.floats(graph.getVal())).hasSize(Columns.ints(graph.getCol()).length);
        assertThat(Columns.floats(graph.getRowAbsSum())).hasSize(rows);
        assertThat(Columns.floats(graph.getRowBias())).hasSize(rows);
        assertThat(Columns.floats(graph.getRowValue())).hasSize(rows);
        assertThat(graph.getReplacementScore()).isBetween(0.01, 1.0);
        assertThat(graph.getCompletenessScore()).isBetween(0.01, 1.0);
        assertThat(graph.getBiasShare()).isBetween(0.001, 1.0);
        assertThat(graph.getConservationError()).isLessThan(1e-4);
        assertThat(graph.getSkippedInfluenceBound()).isZero();
    }

    @Test
    void shouldConserveEveryRowWhenNothingIsDropped() {
        AttributionGraph graph =
                process(Inferences.ok(model, settings().setRowDrop(0).build()).build());

        long[] begin = Columns.longs(graph.getRowPtr());
        float[] val = Columns.floats(graph.getVal());
        float[] bias = Columns.floats(graph.getRowBias());
        float[] value = Columns.floats(graph.getRowValue());
        float[] size = Columns.floats(graph.getRowAbsSum());
        for (int r = 0; r < bias.length; r++) {
            double sum = bias[r];
            for (int e = (int) begin[r]; e < begin[r + 1]; e++) {
                sum += val[e];
            }
            assertThat(sum).as("row %d", r).isCloseTo(value[r], within(1e-5 * (size[r] + Math.abs(bias[r]))));
        }
    }

    @Test
    void shouldStoreFewerEdgesAndTheSameSumsWhenRowsAreDroppedMore() {
        AttributionGraph all =
                process(Inferences.ok(model, settings().setRowDrop(0).build()).build());
        AttributionGraph fewer =
                process(Inferences.ok(model, settings().setRowDrop(0.1).build()).build());

        assertThat(fewer.getCol().remaining()).isLessThan(all.getCol().remaining());
        assertThat(fewer.getRowAbsSum()).isEqualTo(all.getRowAbsSum());
    }

    @Test
    void shouldAttributeFromTheMostProbableTokensWhenNoTargetsAreGiven() {
        AttributionSettings settings =
                settings().setMaxLogits(3).setLogitProbability(1).build();

        List<LogitTarget> targets =
                process(Inferences.ok(model, settings).build()).getTargets();

        assertThat(targets)
                .hasSize(3)
                .extracting(LogitTarget::getProbability)
                .isSortedAccordingTo((a, b) -> Float.compare(b, a));
    }

    @Test
    void shouldAttributeFromTheGivenTokensInTheirOrderWhenTargetsAreGiven() {
        AttributionSettings settings =
                settings().setTargetTokens(List.of("w30", "w4")).build();

        List<LogitTarget> targets =
                process(Inferences.ok(model, settings).build()).getTargets();

        assertThat(targets).extracting(LogitTarget::getTokenId).containsExactly(30, 4);
        assertThat(targets).extracting(LogitTarget::getToken).containsExactly("w30", "w4");
    }

    @Test
    void shouldAttributeOnceFromATokenWhenItIsGivenTwice() {
        AttributionSettings settings =
                settings().setTargetTokens(List.of("w30", "w4", "w30")).build();

        assertThat(process(Inferences.ok(model, settings).build()).getTargets())
                .extracting(LogitTarget::getTokenId)
                .containsExactly(30, 4);
    }

    @Test
    void shouldSayWhatEachTargetReadsWhenTheyAreNoTokens() {
        AttributionSettings settings = settings()
                .setTargetDifferences(List.of(new TokenDifference("w30", "w4")))
                .setTargetFeatures(List.of(new FeatureTarget(2, 3, 4)))
                .setTargetVectors(List.of(new VectorTarget("x", Collections.nCopies(24, .5f))))
                .build();

        AttributionGraph graph = process(Inferences.ok(model, settings).build());

        assertThat(graph.getConservationError()).isLessThan(1e-5);
        List<LogitTarget> targets = graph.getTargets();
        assertThat(targets).extracting(LogitTarget::getToken).containsExactly("w30 − w4", "feature 2/3@4", "x");
        assertThat(targets).extracting(LogitTarget::getTokenId).containsExactly(40, 41, 42);
        assertThat(targets.get(0).getDifference()).isEqualTo(new LogitDifference(30, 4));
        assertThat(targets.get(1).getFeature()).isEqualTo(new FeatureTarget(2, 3, 4));
        assertThat(targets.get(2).getVector()).hasSize(24).containsOnly(.5f);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments(settings().setMaxLogits(0), "attribution settings: max logits is 0, must be at least 1"),
                arguments(
                        settings().setLogitProbability(2),
                        "attribution settings: logit probability is 2.0, must be in (0, 1]"),
                arguments(
                        settings().setLogitProbability(0),
                        "attribution settings: logit probability is 0.0, must be in (0, 1]"),
                arguments(
                        settings().setLogitProbability(Double.NaN),
                        "attribution settings: logit probability is NaN, must be in (0, 1]"),
                arguments(settings().setRowDrop(1), "attribution settings: row drop is 1.0, must be in [0, 1)"),
                arguments(settings().setRowDrop(-0.1), "attribution settings: row drop is -0.1, must be in [0, 1)"),
                arguments(settings().setTargetTokens(List.of("Austin")), target("Austin")),
                arguments(settings().setTargetTokens(List.of("w4", "w5 w6")), target("w5 w6")),
                arguments(
                        settings().setTargetTokens(Collections.nCopies(101, "w4")),
                        "there are 101 targets, the limit is 100"),
                arguments(settings().setTargetTokens(List.of("")), target("")),
                arguments(
                        settings().setTargetDifferences(List.of(new TokenDifference("w4", "Austin"))),
                        target("Austin")),
                arguments(
                        settings().setTargetFeatures(List.of(new FeatureTarget(4, 0, 2))),
                        "attribution settings: target feature 4/0 does not exist: the transcoder has 4 layers"),
                arguments(
                        settings().setTargetVectors(List.of(new VectorTarget("x", List.of(1f)))),
                        "attribution settings: target vector 'x' has 1 values, the model's width is 24"),
                arguments(
                        settings().setTargetVectors(List.of(new VectorTarget("x", List.of(1f, Float.NaN)))),
                        "target vector 'x' has the value NaN at 1: give finite numbers"));
    }

    private static String target(String text) {
        return "target '" + text + "' is not exactly one token of the model: give one of its tokens as it is written in"
                + " the vocabulary";
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldRefuseWithAReasonWhenTheSettingsAreBad(AttributionSettings.Builder settings, String message) {
        InferenceCompleted inference = Inferences.ok(model, settings.build()).build();

        assertThatThrownBy(() -> process(inference))
                .isInstanceOf(RequestException.class)
                .hasMessage(message);
    }

    @Test
    void shouldNameBothModelsWhenTheInferenceHadAnother() {
        InferenceCompleted.Builder inference = Inferences.ok(model);
        inference.getProvenance().setModelHash("aaaa");

        assertThatThrownBy(() -> process(inference.build()))
                .isInstanceOf(RequestException.class)
                .hasMessage("an earlier stage used the model aaaa, this one has "
                        + model.model().hash() + ": give all services the same folder");
    }

    @Test
    void shouldNameBothTranscodersWhenTheInferenceHadAnother() {
        InferenceCompleted.Builder inference = Inferences.ok(model);
        inference.getProvenance().setScan("bbbb");

        assertThatThrownBy(() -> process(inference.build()))
                .isInstanceOf(RequestException.class)
                .hasMessage("an earlier stage used the transcoder bbbb, this one has "
                        + model.transcoder().scan() + ": give all services the same folder");
    }

    @Test
    void shouldRefuseWhenTheInferenceFoundOtherFeatures() {
        InferenceCompleted inference =
                Inferences.ok(model).setFeaturesDigest("cccc").build();

        assertThatThrownBy(() -> process(inference))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("found other features")
                .hasMessageEndingWith("run them with the same number of threads on the same kind of machine");
    }

    @Test
    void shouldContinueTheProvenanceWhenItSucceedsOrFails() {
        InferenceCompleted inference = Inferences.ok(model).build();
        Received<InferenceCompleted> input = received(inference);
        AttributionStage stage = new AttributionStage(model);

        Provenance ok = stage.process(input, done -> {}).getProvenance();
        AttributionGraph failed = stage.failed(input, "the prompt is empty");

        assertThat(failed.getProvenance()).isEqualTo(ok);
        assertThat(failed.getStatus()).isEqualTo(Status.FAILED);
        assertThat(failed.getMessage()).isEqualTo("the prompt is empty");
        assertThat(failed.getRequest()).isEqualTo(inference.getRequest());
        assertThat(ok.getModelHash()).isEqualTo(model.model().hash());
        assertThat(ok.getScan()).isEqualTo(model.transcoder().scan());
        assertThat(ok.getThreads()).isEqualTo(2);
        assertThat(ok.getSource().getTopic()).isEqualTo("inferences");
        assertThat(ok.getSource().getSha256()).isEqualTo(EventDigest.sha256(inference));
    }

    @Test
    void shouldLeaveOutEdgesAndSaySoWhenTheGraphIsLargerThanARecord() {
        InferenceCompleted inference =
                Inferences.ok(model, settings().setRowDrop(0).build()).build();
        AttributionGraph all = new AttributionStage(model).process(received(inference), done -> {});
        int limit = Received.asWritten(all).bytes() / 2;

        AttributionGraph some = new AttributionStage(model, limit).process(received(inference), done -> {});

        int edges = Columns.ints(some.getCol()).length;
        assertThat(Received.asWritten(some).bytes()).isBetween(limit / 4, limit);
        assertThat(some.getLeftOutEdges()).isPositive().isEqualTo(Columns.ints(all.getCol()).length - edges);
        assertThat(some.getLeftOutInfluenceBound()).isBetween(1e-9, 1.);
        assertThat(some.getReplacementScore()).isEqualTo(all.getReplacementScore());
        assertThat(all.getLeftOutEdges()).isZero();
    }

    @Test
    void shouldSayWhatIsMissingWhenFeaturesAreLeftOut() {
        AttributionGraph bounded = process(Inferences.ok(
                        model,
                        settings()
                                .setExpansion(Expansion.BOUNDED)
                                .setEpsilon(.1)
                                .build())
                .build());
        AttributionGraph limited = process(
                Inferences.ok(model, settings().setMaxFeatures(10).build()).build());

        for (AttributionGraph graph : List.of(bounded, limited)) {
            int features = Columns.ints(graph.getFeatureLayer()).length;
            int rows =
                    Columns.ints(graph.getRowNode()).length - graph.getTargets().size();
            assertThat(graph.getSkippedRows()).isPositive().isEqualTo(features - rows);
            assertThat(graph.getSkippedInfluenceBound()).isPositive();
        }
        assertThat(bounded.getSkippedInfluenceBound()).isLessThan(.1);
        assertThat(limited.getSkippedRows())
                .isGreaterThanOrEqualTo(Columns.ints(limited.getFeatureLayer()).length - 10);
    }

    @Test
    void shouldReportEveryRowWhenItRuns() {
        List<Done> seen = new ArrayList<>();

        AttributionGraph graph = new AttributionStage(model)
                .process(received(Inferences.ok(model).build()), seen::add);

        long rows = Columns.ints(graph.getRowNode()).length;
        assertThat(seen).extracting(Done::units).isSorted().endsWith(rows);
        assertThat(seen).extracting(Done::of).containsOnly(rows);
        assertThat(seen).extracting(Done::work).isSorted().endsWith(1.);
        assertThat(seen).extracting(Done::settledInfluence).isSorted().endsWith(1.);
    }

    private static AttributionGraph process(InferenceCompleted inference) {
        return new AttributionStage(model).process(received(inference), done -> {});
    }

    private static Received<InferenceCompleted> received(InferenceCompleted inference) {
        return Received.asWritten(inference);
    }

    private static AttributionSettings.Builder settings() {
        return AttributionSettings.newBuilder();
    }
}
