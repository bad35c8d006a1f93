package io.circuitstream.circuits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.Gradient;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.model.Tensors;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against central differences of the forward pass. A step of 1e-2 leaves an error of its square in the difference, and a
 * rounding of 1e-6 is 1e-4 of it: 3e-3 of the gradient's length times the step's covers both; a missing term is a tenth and
 * more.
 */
class GradientTest {
    private static final float STEP = 1e-2f;
    private static final double TOLERANCE = 3e-3;

    @ParameterizedTest
    @MethodSource("io.circuitstream.circuits.ArchitectureTest#models")
    void shouldPredictWhatMovesWhenALittleIsAddedToTheStream(String name) {
        int[] prompt = ArchitectureTest.prompt(name);
        try (LanguageModel model = LanguageModel.load(ArchitectureTest.FIXTURES.resolve(name));
                ForwardPass pass = Forward.run(model, prompt)) {
            int d = model.config().width();
            int last = prompt.length - 1;
            int top = model.config().layers() - 1;
            float[] vector = gauss(new Random(1), d, 1);
            float[][] unembedded = Gradient.ofUnembedded(model, pass, last, vector);
            float[][] stream = Gradient.ofStream(model, pass, top, last, vector);
            assertThat(unembedded).hasNumberOfRows(top + 1);
            assertThat(stream).hasNumberOfRows(top);
            for (int layer = 0; layer <= top; layer++) {
                assertPredicts(model, prompt, layer, unembedded[layer], p -> read(p.finalNormed(), last, vector));
                if (layer < top) {
                    assertPredicts(model, prompt, layer, stream[layer], p -> read(p.residMid()[top], last, vector));
                }
            }
        }
    }

    private static void assertPredicts(
            LanguageModel model, int[] prompt, int layer, float[] gradient, ToDoubleFunction<ForwardPass> target) {
        for (int seed : List.of(1, 2, 3)) {
            float[] change = gauss(new Random(seed), gradient.length, STEP);
            double predicted = 0;
            double length = 0;
            double steps = 0;
            for (int i = 0; i < gradient.length; i++) {
                predicted += (double) gradient[i] * change[i];
                length += (double) gradient[i] * gradient[i];
                steps += (double) change[i] * change[i];
            }
            double measured =
                    (moved(model, prompt, layer, change, 1, target) - moved(model, prompt, layer, change, -1, target))
                            / 2;
            assertThat(measured).isCloseTo(predicted, within(TOLERANCE * Math.sqrt(length * steps)));
        }
    }

    private static double moved(
            LanguageModel model,
            int[] prompt,
            int layer,
            float[] change,
            float sign,
            ToDoubleFunction<ForwardPass> target) {
        TensorRuntime.enter();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray added = Tensors.of(model.manager(), change, prompt.length, change.length / prompt.length)
                    .mul(sign);
            Forward.MlpOutput output = (l, input, own) -> {
                NDArray out = own.get();
                return l == layer ? out.add(added) : out.duplicate();
            };
            try (ForwardPass pass = Forward.run(model, prompt, Forward.Options.replacing(output))) {
                return target.applyAsDouble(pass);
            }
        }
    }

    private static double read(NDArray rows, int position, float[] vector) {
        float[] row = rows.get(position).toFloatArray();
        double sum = 0;
        for (int j = 0; j < vector.length; j++) {
            sum += (double) vector[j] * row[j];
        }
        return sum;
    }

    private static float[] gauss(Random random, int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }
}
