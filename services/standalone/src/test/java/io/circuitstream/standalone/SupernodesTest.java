package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.Claim;
import io.circuitstream.graphs.GraphReader;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.standalone.trace.LocalTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceJson;
import io.circuitstream.standalone.trace.TracePrinter;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Claims about proposed supernodes, on the model that ships. */
class SupernodesTest {
    private static Iterable<Trace> traces;

    @BeforeAll
    static void trace() throws IOException {
        EventClasses.trust();
        Samples.Collector collector = new Samples.Collector();
        try (TraceableModel model = TraceableModel.load(Samples.MODEL, Samples.TRANSCODER, Samples.THREADS)) {
            new LocalTracer(model, 64).trace(Samples.prompts(), collector);
        }
        traces = collector.traces.values();
    }

    private static List<Claim> claims(Trace trace) {
        return trace.report().getClaims().stream()
                .filter(claim -> !claim.getSources().isEmpty())
                .toList();
    }

    @Test
    void shouldTestProposalsWithAllTheirMembersWhenSamplesAreTraced() {
        int tested = 0;
        for (Trace trace : traces) {
            List<Set<String>> proposed = trace.circuit().getSupernodes().stream()
                    .map(s -> (Set<String>) new HashSet<>(s.getNodes().stream()
                            .map(n -> trace.circuit().getNodes().get(n).getId())
                            .toList()))
                    .toList();
            List<Claim> claims = claims(trace);
            assertThat(claims).hasSize(Math.min(4, proposed.size()));
            for (Claim claim : claims) {
                assertThat(proposed).contains(new HashSet<>(claim.getSources()));
                assertThat(claim.getTarget()).startsWith("7_");
                assertAddsUp(trace, claim);
                assertThat(claim.getControls()).hasSize(3);
                tested++;
            }
        }
        assertThat(tested).isGreaterThan(10);
    }

    /** With everything frozen the members' edges in the graph add up; entries below a thousandth of the row were not stored. */
    private static void assertAddsUp(Trace trace, Claim claim) {
        AttributionGraph graph = GraphReader.read(Objects.requireNonNull(trace.graph()));
        Nodes nodes = graph.nodes();
        int target = nodes.firstLogit();
        double edges = IntStream.range(0, nodes.featureCount())
                .filter(i -> claim.getSources().contains(nodes.id(i)))
                .mapToDouble(i -> graph.rows().get(target, i))
                .sum();
        double dropped = 1e-3 * graph.rows().absSum()[graph.rows().rowOf(target)];
        assertThat(claim.getDirect()).isCloseTo(-edges, within(dropped + 1e-4));
    }

    @Test
    void shouldBeShownWhenATraceIsPrinted() {
        for (Trace trace : traces) {
            JsonNode json = TraceJson.of(trace, 0).path("validation").path("supernodes");
            List<Claim> claims = claims(trace);

            assertThat(json).hasSameSizeAs(claims);
            for (int i = 0; i < claims.size(); i++) {
                assertThat(json.get(i).path("nodes"))
                        .extracting(JsonNode::asText)
                        .containsExactlyElementsOf(claims.get(i).getSources());
                assertThat(json.get(i).path("verdict").asText())
                        .isEqualTo(claims.get(i).getVerdict().name());
            }
            if (!claims.isEmpty()) {
                assertThat(new TracePrinter(false).of(trace)).contains(" (" + claims.size() + " about supernodes: ");
            }
        }
    }
}
