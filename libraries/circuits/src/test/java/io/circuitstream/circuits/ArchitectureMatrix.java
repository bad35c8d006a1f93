package io.circuitstream.circuits;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A measurement, not a test: the worst errors of every family, as the table of docs/models.md. What is tested is in
 * {@link ArchitectureTest}. Run it by {@code ./circuitstream test -pl libraries/circuits -am -Dtest=ArchitectureMatrix
 * -Dtest.excluded= -Dsurefire.failIfNoSpecifiedTests=false}; its lines are in target/surefire-reports.
 */
@Tag("benchmark")
class ArchitectureMatrix {

    @Test
    void measure() {
        System.out.println("| model | logits | patterns | " + String.join(" | ", ArchitectureTest.TRANSCODERS) + " |");
        ArchitectureTest.models().forEach(name -> {
            Safetensors expected = ArchitectureTest.fixture(name, "expected");
            try (LanguageModel model = LanguageModel.load(ArchitectureTest.FIXTURES.resolve(name));
                    ForwardPass pass = Forward.run(model, ArchitectureTest.prompt(name))) {
                String cells = ArchitectureTest.TRANSCODERS.stream()
                        .map(transcoder -> cell(name, model, transcoder))
                        .collect(Collectors.joining(" | "));
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %.0e | %.0e | %s |%n",
                        name,
                        worst(pass.logits().toFloatArray(), expected.readFloats("logits")),
                        worst(flat(pass.patterns()), expected.readFloats("pattern")),
                        cells);
            }
        });
    }

    /** Worst difference of an edge from autograd / of an effect of doubling from its edge / of conservation. */
    private static String cell(String name, LanguageModel model, String transcoderName) {
        Path folder = ArchitectureTest.FIXTURES.resolve(name).resolve(transcoderName);
        try (Transcoder transcoder = TranscoderFiles.load(folder);
                LocalReplacementModel local =
                        LocalReplacementModel.build(model, transcoder, ArchitectureTest.prompt(name))) {
            AttributionGraph graph =
                    Attributor.attribute(local, new AttributionOptions(10, .95, List.of(), 0), RowProgress.NONE);
            int n = graph.nodes().count();
            float[] dense = ArchitectureTest.fixture(name, "attribution-" + transcoderName)
                    .readFloats("A", n, n);
            double edges = 0;
            for (int t = 0; t < n; t++) {
                for (int s = 0; s < n; s++) {
                    edges = Math.max(edges, Math.abs((double) graph.rows().get(t, s) - dense[t * n + s]));
                }
            }
            return String.format(
                    Locale.ROOT, "%.0e / %.0e / %.0e", edges, doubling(local, graph), graph.conservationError());
        }
    }

    private static double doubling(LocalReplacementModel local, AttributionGraph graph) {
        Interventions interventions = new Interventions(local);
        double worst = 0;
        for (int f = 0; f < graph.nodes().featureCount(); f++) {
            Change change = Change.feature(local, f, 2 * local.features().activation()[f], Change.Layers.ALL_WRITTEN);
            Interventions.Effect effect = interventions.run(change, Mode.DIRECT);
            for (int k = graph.nodes().firstLogit(); k < graph.nodes().count(); k++) {
                double moved = effect.demeanedLogits()[graph.nodes().feature(k)];
                worst = Math.max(worst, Math.abs(moved - graph.rows().get(k, f)));
            }
        }
        return worst;
    }

    private static float[] flat(NDArray[] layers) {
        float[][] parts = Arrays.stream(layers).map(NDArray::toFloatArray).toArray(float[][]::new);
        float[] all = new float[Arrays.stream(parts).mapToInt(p -> p.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static double worst(float[] actual, float[] expected) {
        Objects.checkIndex(expected.length - 1, actual.length);
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
        }
        return worst;
    }
}
