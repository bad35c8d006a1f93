package io.circuitstream.circuits.graphfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.graph.Nodes.Kind;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * One token, three layers. Features 0_0_0, 0_1_0, 0_2_0, 1_9_0 and 2_9_0; errors of the layers 0 and 1, named as
 * circuit-tracer names them: 0_0_0 and 0_1_0 again.
 */
class SharedIdsTest {
    private static final String FEATURE =
            "{\"node_id\": \"%s\", \"layer\": \"%s\", \"ctx_idx\": 0, \"feature_type\": \"cross layer transcoder\"},";
    private static final String ERROR =
            "{\"node_id\": \"%s\", \"layer\": \"%s\", \"ctx_idx\": 0, \"feature_type\": \"mlp reconstruction error\"},";
    private static final String REST = """
            {"node_id": "E_7_0", "layer": "E", "ctx_idx": 0, "feature_type": "embedding"},
            {"node_id": "4_9_0", "layer": "4", "ctx_idx": 0, "feature_type": "logit", "token_prob": 1}""";

    private static GraphFile read(String target, String... sources) throws IOException {
        StringBuilder text = new StringBuilder("{\"metadata\": {\"prompt_tokens\": [\"a\"]}, \"nodes\": [");
        for (String id : List.of("0_0_0", "0_1_0", "0_2_0", "1_9_0", "2_9_0")) {
            text.append(FEATURE.formatted(id, id.substring(0, 1)));
        }
        text.append(ERROR.formatted("0_0_0", 0))
                .append(ERROR.formatted("0_1_0", 1))
                .append(REST);
        String separator = "], \"links\": [";
        for (String source : sources) {
            text.append(separator)
                    .append("{\"source\": \"%s\", \"target\": \"%s\", \"weight\": 1}".formatted(source, target));
            separator = ",";
        }
        return TinyGraphFile.parse(text + "]}");
    }

    /** F for a feature, E for an error, T for a token, in the order of the links. */
    private static String kinds(GraphFile file) {
        StringBuilder kinds = new StringBuilder();
        IntStream.of(file.links().source())
                .mapToObj(file.nodes()::get)
                .forEach(node ->
                        kinds.append(node.kind() == Kind.FEATURE ? "F" : node.kind() == Kind.ERROR ? "E" : "T"));
        return kinds.toString();
    }

    @Test
    void shouldBeTheFeatureThenTheErrorWhenATargetListsTheIdTwice() throws IOException {
        GraphFile file = read("4_9_0", "0_0_0", "0_1_0", "0_0_0", "0_1_0");
        assertThat(kinds(file)).isEqualTo("FFEE");
        assertThat(file.warnings()).isEmpty();
    }

    @Test
    void shouldBeTheFeatureWhenTheErrorIsNotBelowTheTarget() throws IOException {
        GraphFile file = read("1_9_0", "0_1_0");
        assertThat(kinds(file)).isEqualTo("F");
        assertThat(file.warnings()).isEmpty();
    }

    @Test
    void shouldBeTheOneThatFitsWhenTheNeighboursAscend() throws IOException {
        assertThat(kinds(read("4_9_0", "0_1_0", "0_2_0"))).isEqualTo("FF");
        assertThat(kinds(read("4_9_0", "0_2_0", "0_1_0"))).isEqualTo("FE");
        assertThat(kinds(read("4_9_0", "0_0_0", "1_9_0", "0_1_0", "E_7_0"))).isEqualTo("FFET");
    }

    @Test
    void shouldBeTheErrorWithAWarningWhenNothingTells() throws IOException {
        GraphFile file = read("4_9_0", "0_1_0", "E_7_0");
        assertThat(kinds(file)).isEqualTo("ET");
        assertThat(file.warnings())
                .containsExactly("1 links may come from a feature or from the error of the same id, taken as the error;"
                        + " the first is link 0 ('0_1_0' → '4_9_0')");
    }

    @Test
    void shouldNotTrustTheOrderWhenTheNeighboursDoNotAscend() throws IOException {
        GraphFile file = read("4_9_0", "0_1_0", "2_9_0", "0_2_0");
        assertThat(kinds(file)).isEqualTo("EFF");
        assertThat(file.warnings()).hasSize(1);
    }

    @Test
    void shouldMeanTheFeatureWhenTheSharedIdIsATarget() throws IOException {
        GraphFile file = read("0_1_0", "E_7_0");
        assertThat(file.nodes().get(file.links().target()[0]).kind()).isEqualTo(Kind.FEATURE);
    }

    /** Quadratic time would take minutes. */
    @Test
    void shouldStayFastWhenARowIsLongAndFullOfSharedIds() throws IOException {
        StringBuilder nodes = new StringBuilder();
        StringBuilder links = new StringBuilder();
        int layers = 999;
        int positions = 50;
        for (int p = 0; p < positions; p++) {
            for (int l = 0; l < layers; l++) {
                String id = "0_" + l + "_" + p;
                nodes.append((FEATURE + ERROR).formatted(id, 0, id, l).replace("\"ctx_idx\": 0", "\"ctx_idx\": " + p));
                links.append("{\"source\": \"%s\", \"target\": \"1000_9_49\", \"weight\": 1},".formatted(id));
            }
        }
        String logit = "{\"node_id\": \"1000_9_49\", \"layer\": \"1000\", \"ctx_idx\": 49, \"feature_type\": \"logit\","
                + " \"token_prob\": 1}";
        String tokens = "\"a\",".repeat(positions - 1) + "\"a\"";
        links.setLength(links.length() - 1);

        GraphFile file = TinyGraphFile.parse("{\"metadata\": {\"prompt_tokens\": [" + tokens + "]}, \"nodes\": ["
                + nodes + logit + "], \"links\": [" + links + "]}");

        assertThat(file.links().count()).isEqualTo(layers * positions);
        assertThat(file.warnings()).anyMatch(w -> w.startsWith("49950 links may come"));
    }
}
