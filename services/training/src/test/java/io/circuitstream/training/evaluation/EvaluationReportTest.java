package io.circuitstream.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.training.evaluation.EvaluationPoint.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationReportTest {
    private static final EvaluationPoint LOW = Points.of(Kind.CLT, "clt-20", 20.5, .0213, .95);
    private static final EvaluationPoint HIGH = Points.of(Kind.CLT, "clt-80", 81.25, .0094, .985);
    private static final EvaluationPoint OTHER = Points.of(Kind.PLT, "plt-20", 20.75, .0431, .91);
    private static final EvaluationPoint OTHER_HIGH = Points.of(Kind.PLT, "plt-80", 79.5, .0222, .96);
    private static final EvaluationPoint NEURONS = Points.of(Kind.NEURONS, "neurons-40", 40, .5, .25);
    private static final EvaluationPoint SHIPPED = Points.of(Kind.CLT, "shipped, \"best\"", 58, .0086, .998);

    @TempDir
    Path folder;

    /** What is expected lies beside this test as resources. */
    @ParameterizedTest
    @ValueSource(strings = {"evaluation.json", "evaluation.csv", "README.md"})
    void shouldWriteExactlyTheseBytesWhenThePointsAreTheSame(String file) throws IOException {
        Points.report(List.of(NEURONS, OTHER, OTHER_HIGH, HIGH, LOW), List.of(SHIPPED))
                .write(folder);

        assertThat(Files.readString(folder.resolve(file))).isEqualTo(resource(file));
    }

    @Test
    void shouldWriteTheSameBytesWhenOrderAndLocaleDiffer() throws IOException {
        List<EvaluationPoint> points = new ArrayList<>(List.of(OTHER, OTHER_HIGH, HIGH, LOW));
        Points.report(points, List.of(SHIPPED)).write(folder.resolve("a"));
        Collections.reverse(points);
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            Points.report(points, List.of(SHIPPED)).write(folder.resolve("b"));
        } finally {
            Locale.setDefault(before);
        }

        for (String file : List.of("evaluation.json", "evaluation.csv", "README.md")) {
            assertThat(folder.resolve("b").resolve(file))
                    .hasSameTextualContentAs(folder.resolve("a").resolve(file));
        }
    }

    @Test
    void shouldClaimAParetoImprovementWhenOneKindIsBetterEverywhere() {
        String text = ReportText.text(Points.report(List.of(LOW, HIGH, OTHER, OTHER_HIGH), List.of()));

        assertThat(text).contains("**Pareto improvement: CLT over PLT**, better in all four at each of 2 points.");
    }

    @Test
    void shouldClaimNothingWhenOneMetricIsWorseAtOnePoint() {
        EvaluationPoint surprising = Points.of(Kind.PLT, "plt-20", 20.75, .0431, .91, .99);

        String text = ReportText.text(Points.report(List.of(LOW, HIGH, surprising, OTHER_HIGH), List.of()));

        assertThat(text)
                .doesNotContain("Pareto improvement")
                .contains("CLT and PLT: neither is better in everything: normalised MSE better with CLT, "
                        + "agreement on answers better with CLT, replacement score undecided");
    }

    @Test
    void shouldHaveTheDocumentedKeysWhenReadAsJson() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(Points.report(List.of(LOW, HIGH), List.of(SHIPPED)).json());

        List<String> keys = List.of(
                "kind",
                "name",
                "l0",
                "normalisedMse",
                "explainedVariance",
                "top1Agreement",
                "top1AgreementAnswers",
                "klDivergence",
                "replacementScore",
                "completenessScore",
                "pathLength",
                "deadFraction",
                "features");
        assertThat(json.path("points")).hasSize(2);
        assertThat(json.path("points").path(0).fieldNames()).toIterable().containsAll(keys);
        assertThat(json.path("shipped").fieldNames()).toIterable().containsAll(keys);
        assertThat(json.at("/points/1/l0").doubleValue()).isEqualTo(81.25);
        assertThat(json.at("/points/1/kind").textValue()).isEqualTo("clt");
        assertThat(json.at("/model/tasks/0/heldOutAccuracy").doubleValue()).isEqualTo(.98);
        assertThat(json.at("/provenance/scans/clt-20").textValue()).isEqualTo("beef");
    }

    @Test
    void shouldWriteNullAndNoChartWhenNoGraphWasComputed() throws IOException {
        EvaluationReport report = Points.report(List.of(Points.withoutGraphs(Kind.NEURONS, "n", 20)), List.of());

        report.write(folder);

        JsonNode point = new ObjectMapper().readTree(report.json()).at("/points/0");
        assertThat(point.path("replacementScore").isNull()).isTrue();
        assertThat(point.path("targetL0").isNull()).isTrue();
        assertThat(folder.resolve("l0-replacement-score.png")).doesNotExist();
        assertThat(folder.resolve("l0-normalised-mse.png")).exists();
        assertThat(folder.resolve("README.md"))
                .content()
                .doesNotContain("NaN")
                .doesNotContain("l0-replacement-score.png")
                .contains("l0-normalised-mse.png");
    }

    @Test
    void shouldKeepEveryFigureWhenNoneIsShipped() throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(Points.report(List.of(LOW), List.of()).json());

        assertThat(json.path("shipped").isObject()).isTrue();
        assertThat(json.path("shipped")).isEmpty();
    }

    @Test
    void shouldRefuseWhenTwoPointsHaveTheSameName() {
        assertThatThrownBy(() -> Points.report(List.of(LOW), List.of(LOW)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[clt-20, clt-20]");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(EvaluationReportTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
