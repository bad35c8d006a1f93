package io.circuitstream.training.evaluation;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One metric against L0, a line for every curve and a ring for every transcoder that ships. Needs no display. */
final class CurveChart {
    static final int WIDTH = 800;
    static final int HEIGHT = 500;
    private static final Color INK = new Color(0x333333);
    private static final BasicStroke DASHED =
            new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {7, 5}, 0);
    private static final Color GRID = new Color(0xE4E4E4);

    private final Metric metric;
    private final XYChart chart;
    private final Set<EvaluationPoint.Kind> drawn = EnumSet.noneOf(EvaluationPoint.Kind.class);

    private CurveChart(Metric metric) {
        this.metric = metric;
        this.chart = new XYChart(WIDTH, HEIGHT);
        chart.setTitle(capitalised(metric.label()) + " at equal sparsity");
        chart.setXAxisTitle("L0 (active features of a token, all layers)");
        chart.setYAxisTitle(capitalised(metric.label()) + " (" + metric.unit() + ")");
        style(chart.getStyler());
    }

    /**
     * The chart as a PNG of {@value #WIDTH} × {@value #HEIGHT}.
     *
     * @param curves of which at least one has a value that can be drawn
     * @throws IOException when this machine has no font to draw with
     */
    static byte[] png(Metric metric, List<Curve> curves, List<EvaluationPoint> shipped) throws IOException {
        System.setProperty("java.awt.headless", "true");
        try {
            CurveChart drawing = new CurveChart(metric);
            curves.forEach(drawing::add);
            shipped.forEach(drawing::add);
            return BitmapEncoder.getBitmapBytes(drawing.chart, BitmapFormat.PNG);
        } catch (LinkageError | InternalError e) {
            throw new IOException(
                    "charts cannot be drawn: install fontconfig and a font, such as fonts-dejavu-core", e);
        }
    }

    /** Whether a point of this metric has a place on its axes. */
    static boolean canDraw(Metric metric, EvaluationPoint point) {
        double value = metric.of(point.figures());
        return point.figures().l0() > 0
                && Double.isFinite(value)
                && (metric.scale() == Metric.Scale.LINEAR || value > 0);
    }

    private void add(Curve curve) {
        List<EvaluationPoint> points = drawable(curve.points());
        if (!points.isEmpty()) {
            XYSeries series = series(curve.label(), curve.kind(), points);
            series.setLineStyle(drawn.add(curve.kind()) ? new BasicStroke(2f) : DASHED);
            series.setMarker(marker(curve.kind()));
        }
    }

    private void add(EvaluationPoint shipped) {
        List<EvaluationPoint> points = drawable(List.of(shipped));
        if (!points.isEmpty()) {
            XYSeries series = series(shipped.name() + " (ships)", shipped.kind(), points);
            series.setLineStyle(SeriesLines.NONE);
            series.setMarker(new Ring());
        }
    }

    private List<EvaluationPoint> drawable(List<EvaluationPoint> points) {
        return points.stream().filter(point -> canDraw(metric, point)).toList();
    }

    private XYSeries series(String label, EvaluationPoint.Kind kind, List<EvaluationPoint> points) {
        XYSeries series = chart.addSeries(
                label,
                points.stream().mapToDouble(point -> point.figures().l0()).toArray(),
                points.stream().mapToDouble(point -> metric.of(point.figures())).toArray());
        series.setLineColor(colour(kind));
        series.setMarkerColor(colour(kind));
        return series;
    }

    /** Okabe and Ito's colours, told apart by people with any kind of colour vision. */
    private static Color colour(EvaluationPoint.Kind kind) {
        return switch (kind) {
            case CLT -> new Color(0x0072B2);
            case PLT -> new Color(0xD55E00);
            case INCREMENTAL -> new Color(0x009E73);
            case NEURONS -> new Color(0xCC79A7);
        };
    }

    private static Marker marker(EvaluationPoint.Kind kind) {
        return switch (kind) {
            case CLT -> SeriesMarkers.CIRCLE;
            case PLT -> SeriesMarkers.SQUARE;
            case INCREMENTAL -> SeriesMarkers.TRIANGLE_UP;
            case NEURONS -> SeriesMarkers.DIAMOND;
        };
    }

    /** Wide enough to be seen around another marker. */
    private static final class Ring extends Marker {
        @Override
        public void paint(Graphics2D g, double x, double y, int size) {
            double wide = size * 1.8;
            g.setStroke(new BasicStroke(2f));
            g.draw(new Ellipse2D.Double(x - wide / 2, y - wide / 2, wide, wide));
        }
    }

    private void style(XYStyler styler) {
        styler.setLocale(Locale.ROOT);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotGridLinesStroke(new BasicStroke(1f));
        styler.setChartFontColor(INK);
        styler.setAxisTickLabelsColor(INK);
        styler.setChartTitleBoxVisible(false);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        styler.setLegendPosition(LegendPosition.OutsideE);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setLegendSeriesLineLength(34);
        styler.setMarkerSize(9);
        styler.setXAxisLogarithmic(true);
        styler.setXAxisLogarithmicDecadeOnly(false);
        styler.setXAxisTickLabelsFormattingFunction(CurveChart::logTick);
        if (metric.scale() == Metric.Scale.LOG) {
            styler.setYAxisLogarithmic(true);
            styler.setYAxisLogarithmicDecadeOnly(false);
            styler.setYAxisTickLabelsFormattingFunction(CurveChart::logTick);
        }
    }

    /** Labels 1, 2 and 5 of every decade: all nine would not fit, and 1 alone may be missing from the range. */
    private static String logTick(double value) {
        double decade = StrictMath.pow(10, StrictMath.floor(StrictMath.log10(value * 1.001)));
        long digit = Math.round(value / decade);
        return digit == 1 || digit == 2 || digit == 5 ? Decimals.plain(value) : "";
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
