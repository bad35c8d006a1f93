package io.circuitstream.circuits.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.LogitTarget;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.graph.SparseRows;
import io.circuitstream.circuits.pruning.PrunedGraph;
import io.circuitstream.circuits.pruning.Pruner;
import io.circuitstream.circuits.pruning.PruningOptions;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Features 0/5@0, 0/7@1, 1/1@1, in the order of the graph 0, 1, 2; errors 3–6; tokens 7, 8; logit 9. */
class CircuitPictureTest {
    private static final FeatureLabels LABELS = (layer, feature) -> feature == 7 ? "b & <b>" : "";

    /** 9 reads 2 by 3/4, −0 by 1/4; 2 reads 0 by 1/10, 1 by 8/10, 6's layer 0 error by 1/10. */
    private static PrunedGraph circuit(String... tokens) {
        Nodes nodes = new Nodes(
                2,
                0,
                new int[] {7, 8},
                List.of(tokens),
                new ActiveFeatures(
                        new int[] {0, 0, 1},
                        new int[] {0, 1, 1},
                        new int[] {5, 7, 1},
                        new float[] {1, 1, 1},
                        new int[] {0, 2, 3}),
                new float[4],
                List.of(new LogitTarget(3, "c", .75f)));
        SparseRows rows = new SparseRows(
                new int[] {0, 1, 2, 9},
                new long[] {0, 1, 3, 6, 8},
                new int[] {7, 7, 8, 0, 1, 4, 0, 2},
                new float[] {2, 1, 1, 1, 8, 1, -1, 3},
                new float[] {2, 2, 10, 4},
                new float[4],
                new float[4]);
        return Pruner.prune(AttributionGraph.ofRows(nodes, rows), new PruningOptions(1, 1));
    }

    private static Document drawn(PrunedGraph circuit, PictureSize size) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(CircuitPicture.of(circuit, "a \"<\" b", LABELS, size)
                            .getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static List<Element> elements(Document svg, String name, String style) {
        NodeList all = svg.getElementsByTagName(name);
        List<Element> found = new ArrayList<>();
        IntStream.range(0, all.getLength())
                .mapToObj(i -> (Element) all.item(i))
                .filter(e -> e.getAttribute("class").equals(style))
                .forEach(found::add);
        return found;
    }

    private static Stream<String> texts(Document svg) {
        NodeList all = svg.getElementsByTagName("text");
        return IntStream.range(0, all.getLength()).mapToObj(i -> all.item(i).getTextContent());
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    @Test
    void shouldDrawEveryNodeAndEdgeWhenTheyFit() {
        Document svg = drawn(circuit("a", "b"), PictureSize.READABLE);

        assertThat(elements(svg, "circle", "feat")).hasSize(3);
        assertThat(elements(svg, "path", "err")).hasSize(1);
        assertThat(elements(svg, "rect", "end")).hasSize(3);
        assertThat(elements(svg, "line", "pos")).hasSize(7);
        assertThat(elements(svg, "line", "neg")).hasSize(1);
        assertThat(texts(svg)).contains("a \"<\" b", "a", "b", "c 0.750", "0/5", "0/7: b & <b>", "layer 1");
        assertThat(texts(svg)).anyMatch(t -> t.startsWith("All of the circuit's 3 features and 1 error, 8 of its 8"));
    }

    @Test
    void shouldDrawLayersUpwardsAndPositionsRightwards() {
        List<Element> features = elements(drawn(circuit("a", "b"), PictureSize.READABLE), "circle", "feat");

        assertThat(number(features.get(0), "cx")).isLessThan(number(features.get(1), "cx"));
        assertThat(number(features.get(2), "cy")).isLessThan(number(features.get(1), "cy"));
    }

    @Test
    void shouldDrawAnEdgeAsWideAsTheRootOfItsShare() {
        List<Element> edges = elements(drawn(circuit("a", "b"), PictureSize.READABLE), "line", "pos");

        assertThat(edges)
                .filteredOn(e -> e.getTextContent().startsWith("1/1 → c: +3.000, 75.0%"))
                .singleElement()
                .satisfies(e -> assertThat(e.getAttribute("stroke-width")).isEqualTo("5.70"));
        assertThat(edges)
                .filteredOn(e -> e.getTextContent().startsWith("0/5 → 1/1: +1.000, 10.0%"))
                .singleElement()
                .satisfies(e -> assertThat(e.getAttribute("stroke-width")).isEqualTo("2.40"));
    }

    @Test
    void shouldCountWhatIsLeftOutWhenThereIsMoreThanFits() {
        Document svg = drawn(circuit("a", "b"), new PictureSize(2, 1));

        assertThat(elements(svg, "circle", "feat"))
                .extracting(e -> e.getTextContent())
                .containsExactly("0/7@1: b & <b>", "1/1@1");
        assertThat(elements(svg, "path", "err")).isEmpty();
        assertThat(elements(svg, "line", "pos")).hasSize(3);
        assertThat(texts(svg))
                .anyMatch(t -> t.startsWith(
                        "The 2 strongest of the circuit's 3 features and 1 error, 3 of its 8 edges; 3 features are"));
    }

    @Test
    void shouldGiveTheSameBytesWhenDrawnTwice() {
        String once = CircuitPicture.of(circuit("a", "b"), "t", LABELS, PictureSize.READABLE);

        assertThat(CircuitPicture.of(circuit("a", "b"), "t", LABELS, PictureSize.READABLE))
                .isEqualTo(once)
                .contains("prefers-color-scheme:dark");
    }

    @Test
    void shouldStayADocumentWhenTokensHoldAnything() {
        Document svg = drawn(circuit("\u0000]]>&\u202E", "\uD800\n"), PictureSize.READABLE);

        assertThat(texts(svg)).contains("\uFFFD]]>&\uFFFD", "\uFFFD⏎");
    }

    @Test
    void shouldShowBlanksAndShortenWhenATokenWouldNotBeSeen() {
        assertThat(PictureText.token("  ")).isEqualTo("␣␣");
        assertThat(PictureText.token("pneumonoultramicroscopic")).isEqualTo("pneumonoultramicr…");
        assertThat(PictureText.shortened("😀😀😀", 2)).isEqualTo("😀…");
    }

    @Test
    void shouldRefuseASizeWhenItShowsNothing() {
        assertThatThrownBy(() -> new PictureSize(0, 5)).isInstanceOf(IllegalArgumentException.class);
    }
}
