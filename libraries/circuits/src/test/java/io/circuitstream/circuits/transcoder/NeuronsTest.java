package io.circuitstream.circuits.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.TinyTest;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.ActiveFeatures;
import io.circuitstream.circuits.replacement.FullReplacement;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeuronsTest extends TinyTest {
    @TempDir
    Path folder;

    /** h, W_down and the threshold one by one, in double. */
    @Test
    void shouldListTheUnitsThatWriteMoreThanTheThresholdWhenAPromptIsDecomposed() {
        float threshold = .3f;
        try (LocalReplacementModel local = LocalReplacementModel.build(model, new Neurons(model, threshold), PROMPT)) {
            ActiveFeatures active = local.features();
            int next = 0;
            int silent = 0;
            for (int l = 0; l < model.config().layers(); l++) {
                float[] down = model.layer(l).mlp().down().weight().toFloatArray();
                for (int p = 1; p < PROMPT.length; p++) {
                    double[] h = hidden(model, l, local.pass().mlpIn()[l].get(p).toFloatArray());
                    for (int j = 0; j < h.length; j++) {
                        double size = Math.abs(h[j]) * columnNorm(down, j, h.length);
                        assertThat(Math.abs(size - threshold))
                                .as("too close to tell")
                                .isGreaterThan(1e-6);
                        if (size > threshold) {
                            assertThat(new int[] {l, p, j})
                                    .containsExactly(
                                            active.layer()[next], active.position()[next], active.index()[next]);
                            assertThat((double) active.activation()[next++]).isCloseTo(h[j], within(1e-5));
                        } else {
                            silent++;
                        }
                    }
                }
            }
            assertThat(active.count()).isEqualTo(next).isGreaterThan(100);
            assertThat(silent).isGreaterThan(100);
        }
    }

    private static double[] hidden(LanguageModel model, int layer, float[] x) {
        float[] gate =
                Objects.requireNonNull(model.layer(layer).mlp().gate()).weight().toFloatArray();
        float[] up = model.layer(layer).mlp().up().weight().toFloatArray();
        double[] h = new double[model.config().hidden()];
        for (int j = 0; j < h.length; j++) {
            double g = 0;
            double u = 0;
            for (int i = 0; i < x.length; i++) {
                g += (double) gate[j * x.length + i] * x[i];
                u += (double) up[j * x.length + i] * x[i];
            }
            h[j] = g / (1 + Math.exp(-g)) * u;
        }
        return h;
    }

    private static double columnNorm(float[] down, int column, int columns) {
        return Math.sqrt(IntStream.range(0, down.length / columns)
                .mapToDouble(i -> down[i * columns + column])
                .map(w -> w * w)
                .sum());
    }

    /** The tangent against central differences of h, in double; touching h at the prompt. */
    @Test
    void shouldReadAlongTheTangentWhenTheInputMoves() {
        Neurons neurons = new Neurons(model, 0);
        int d = model.config().width();
        int[] units = {3, 17, 31};
        int[] positions = {1, 4, 7};
        double step = 1e-3;
        try (ForwardPass pass = Forward.run(model, PROMPT)) {
            for (int l = 0; l < model.config().layers(); l++) {
                Transcoder.Reads reads = neurons.reads(l, units, positions, pass.mlpIn()[l]);
                for (int n = 0; n < units.length; n++) {
                    float[] x = pass.mlpIn()[l].get(positions[n]).toFloatArray();
                    double touched = reads.biases()[n];
                    for (int i = 0; i < d; i++) {
                        float[] above = x.clone();
                        float[] below = x.clone();
                        above[i] += (float) step;
                        below[i] -= (float) step;
                        double moved = hidden(model, l, above)[units[n]] - hidden(model, l, below)[units[n]];
                        assertThat((double) reads.vectors()[n * d + i])
                                .isCloseTo(moved / ((double) above[i] - below[i]), within(1e-5));
                        touched += (double) reads.vectors()[n * d + i] * x[i];
                    }
                    assertThat(touched).isCloseTo(hidden(model, l, x)[units[n]], within(1e-5));
                }
            }
        }
    }

    @Test
    void shouldBeTheCleanModelWhenNoUnitIsBelowTheThreshold() {
        Neurons all = new Neurons(model, 0);
        try (LocalReplacementModel local = LocalReplacementModel.build(model, all, PROMPT);
                ForwardPass replaced = FullReplacement.run(model, all, PROMPT)) {
            assertThat(local.errorNorms()).containsOnly(new float[] {0}, within(1e-5f));
            assertThat(replaced.logits(7)).containsExactly(local.pass().logits(7), within(1e-4f));
        }
    }

    @Test
    void shouldBeTheModelsMlpWithSmallUnitsZeroedWhenEveryMlpIsReplaced() {
        Neurons neurons = new Neurons(model, .3f);
        try (ForwardPass clean = Forward.run(model, PROMPT);
                ForwardPass replaced = FullReplacement.run(model, neurons, PROMPT);
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            for (int l = 0; l < model.config().layers(); l++) {
                float[] down = model.layer(l).mlp().down().weight().toFloatArray();
                for (int p = 1; p < PROMPT.length; p++) {
                    double[] h = hidden(model, l, replaced.mlpIn()[l].get(p).toFloatArray());
                    float[] out = replaced.mlpOut()[l].get(p).toFloatArray();
                    for (int i = 0; i < out.length; i++) {
                        double expected = 0;
                        for (int j = 0; j < h.length; j++) {
                            boolean kept = Math.abs(h[j]) * columnNorm(down, j, h.length) > .3f;
                            expected += kept ? h[j] * down[i * h.length + j] : 0;
                        }
                        assertThat((double) out[i]).isCloseTo(expected, within(1e-5));
                    }
                }
            }
            assertThat(replaced.logits(7)).isNotEqualTo(clean.logits(7));
        }
    }

    /** A real intervention: taking away what a unit writes is the model's MLP with that unit held at zero. */
    @Test
    void shouldBeTheModelWithTheUnitHeldAtZeroWhenItIsAblated() {
        try (LocalReplacementModel local = LocalReplacementModel.build(model, new Neurons(model, .3f), PROMPT)) {
            ActiveFeatures active = local.features();
            for (int f = 0; f < active.count(); f += 17) {
                int layer = active.layer()[f];
                int unit = active.position()[f] * model.config().hidden() + active.index()[f];
                Forward.MlpOutput held = (l, input, own) -> {
                    if (l != layer) {
                        return own.get();
                    }
                    NDArray h = model.layer(l).mlp().hidden(input.mlpIn());
                    float[] values = h.toFloatArray();
                    values[unit] = 0;
                    return Tensors.of(model.manager(), values, h.getShape().getShape())
                            .matMul(model.layer(l).mlp().down().weight().transpose());
                };
                Interventions.Effect effect =
                        new Interventions(local).run(Change.feature(local, f, 0, Change.Layers.OWN), Mode.MODEL);
                try (ForwardPass pass = Forward.run(model, PROMPT, Forward.Options.replacing(held))) {
                    float[] expected = pass.logits(7);
                    float[] clean = local.pass().logits(7);
                    double mean = IntStream.range(0, clean.length)
                            .mapToDouble(v -> expected[v] - clean[v])
                            .average()
                            .orElseThrow();
                    for (int v = 0; v < clean.length; v++) {
                        assertThat(effect.demeanedLogits()[v]).isCloseTo(expected[v] - clean[v] - mean, within(2e-5));
                    }
                    assertUnits(local, pass, effect.preActivations());
                }
            }
        }
    }

    /** What a unit moved is h' − h, not its tangent. */
    private static void assertUnits(LocalReplacementModel local, ForwardPass changed, double[] effect) {
        ActiveFeatures active = local.features();
        for (int i = 0; i < effect.length; i += 23) {
            NDArray in = changed.mlpIn()[active.layer()[i]];
            double h = hidden(
                    model, active.layer()[i], in.get(active.position()[i]).toFloatArray())[active.index()[i]];
            assertThat(effect[i]).isCloseTo(h - active.activation()[i], within(2e-5));
        }
    }

    @Test
    void shouldBeKnownByModelAndThresholdWhenScanned() throws IOException {
        String scan = new Neurons(model, .3f).scan();
        assertThat(scan).hasSize(64).isEqualTo(new Neurons(model, .3f).scan());
        assertThat(scan).isNotEqualTo(new Neurons(model, Math.nextUp(.3f)).scan());
        try (TraceableModel other = TraceableModel.ofNeurons(TinyModels.llama(folder.resolve("m"), 99), .3f, 1)) {
            assertThat(other.transcoder().scan()).isNotEqualTo(scan);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {-.1f, Float.NaN, Float.POSITIVE_INFINITY})
    void shouldRefuseAndFreeTheModelWhenTheThresholdIsNoSize(float threshold) throws IOException {
        Path files = TinyModels.llama(folder.resolve("m"), 99);
        int before = LiveArrays.count();
        assertThatThrownBy(() -> TraceableModel.ofNeurons(files, threshold, 1).close())
                .hasMessageContaining("neuron threshold is " + threshold);
        assertThat(LiveArrays.count()).isEqualTo(before);
    }

    @Test
    void shouldRefuseWhenTheModelIsAnother() throws IOException {
        Path files = TinyModels.llama(folder.resolve("m"), 99);
        Files.writeString(
                files.resolve("config.json"),
                Files.readString(files.resolve("config.json")).replace("10000.0", "20000.0"));
        try (LanguageModel other = LanguageModel.load(files)) {
            assertThatThrownBy(() -> LocalReplacementModel.build(other, new Neurons(model, 1), PROMPT))
                    .hasMessageContaining("another model's: model");
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenAsked() {
        Neurons neurons = new Neurons(model, 0);
        try (ForwardPass pass = Forward.run(model, PROMPT)) {
            int before = LiveArrays.count();
            neurons.decoderRows(0, new int[] {1, 2});
            neurons.reads(0, new int[] {1, 2}, new int[] {3, 4}, pass.mlpIn()[0]);
            assertThat(LiveArrays.count()).isEqualTo(before);
        }
    }
}
