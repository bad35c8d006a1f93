package io.circuitstream.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.training.evaluation.EvaluationPoint.Kind;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CurveChartTest {
    private static final int BLUE = 0x0072B2;
    private static final int ORANGE = 0xD55E00;
    private static final int INK = 0x333333;
    private static final int WHITE = 0xFFFFFF;

    private static final List<EvaluationPoint> POINTS = List.of(
            Points.of(Kind.CLT, "c1", 20, .02, .95),
            Points.of(Kind.CLT, "c2", 80, .01, .99),
            Points.of(Kind.PLT, "p1", 20, .05, .9),
            Points.of(Kind.PLT, "p2", 80, .03, .94));

    @ParameterizedTest
    @EnumSource
    void shouldDrawEveryKindInItsColourWhenTheMetricIsKnown(Metric metric) throws IOException {
        BufferedImage image = image(metric, POINTS, List.of());

        assertThat(image.getWidth()).isEqualTo(800);
        assertThat(image.getHeight()).isEqualTo(500);
        assertThat(image.getRGB(0, 0) & WHITE).isEqualTo(WHITE);
        assertThat(count(image, BLUE)).isGreaterThan(300);
        assertThat(count(image, ORANGE)).isGreaterThan(300);
        assertThat(count(image, INK)).as("text").isGreaterThan(300);
    }

    @Test
    void shouldDrawARingWhenSomethingShips() throws IOException {
        List<EvaluationPoint> plt = POINTS.subList(2, 4);

        BufferedImage image = image(Metric.NORMALISED_MSE, plt, List.of(Points.of(Kind.CLT, "shipped", 40, .02, .98)));

        assertThat(count(image(Metric.NORMALISED_MSE, plt, List.of()), BLUE)).isZero();
        assertThat(count(image, BLUE)).isBetween(20, 200);
    }

    @Test
    void shouldLeaveAPointOutWhenItHasNoPlaceOnALogAxis() throws IOException {
        EvaluationPoint perfect = Points.of(Kind.CLT, "perfect", 40, 0, .9);

        assertThat(CurveChart.canDraw(Metric.NORMALISED_MSE, perfect)).isFalse();
        assertThat(CurveChart.canDraw(Metric.AGREEMENT_ANSWERS, perfect)).isTrue();
        assertThat(CurveChart.canDraw(Metric.PATH_LENGTH, Points.withoutGraphs(Kind.CLT, "c", 40)))
                .isFalse();
        BufferedImage image = image(Metric.NORMALISED_MSE, POINTS.subList(2, 4), List.of(perfect));
        assertThat(count(image, BLUE)).isZero();
    }

    private static BufferedImage image(Metric metric, List<EvaluationPoint> points, List<EvaluationPoint> shipped)
            throws IOException {
        byte[] png = CurveChart.png(metric, Curve.of(points), shipped);
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    private static int count(BufferedImage image, int colour) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & WHITE) == colour ? 1 : 0;
            }
        }
        return count;
    }
}
