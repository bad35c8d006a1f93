package io.circuitstream.circuits.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.jni.JniUtils;
import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.TinyTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MlpTest extends TinyTest {

    @Test
    void shouldGiveTheBytesOfTheForwardPassWhenEvaluatedOnWhatItRead() {
        try (ForwardPass pass = Forward.run(model, PROMPT);
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            for (int l = 0; l < model.config().layers(); l++) {
                assertThat(model.mlp(l, pass.mlpIn()[l]).toFloatArray()).isEqualTo(pass.mlpOut()[l].toFloatArray());
            }
        }
    }

    @Test
    void shouldEqualTheFormulaWhenInputsAreRandom() {
        int n = 3;
        int d = model.config().width();
        int hidden = model.config().hidden();
        float[] x = new float[n * d];
        Random random = new Random(4);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        Mlp mlp = model.layer(2).mlp();
        float[] gate = Objects.requireNonNull(mlp.gate()).weight().toFloatArray();
        float[] up = mlp.up().weight().toFloatArray();
        float[] down = mlp.down().weight().toFloatArray();
        float[] units;
        float[] out;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray in = Tensors.of(model.manager(), x, n, d);
            units = mlp.hidden(in).toFloatArray();
            out = model.mlp(2, in).toFloatArray();
        }
        for (int i = 0; i < n; i++) {
            double[] expected = new double[d];
            for (int j = 0; j < hidden; j++) {
                double g = dot(gate, j * d, x, i * d, d);
                double h = g / (1 + Math.exp(-g)) * dot(up, j * d, x, i * d, d);
                assertThat((double) units[i * hidden + j]).isCloseTo(h, within(1e-5));
                for (int k = 0; k < d; k++) {
                    expected[k] += down[k * hidden + j] * h;
                }
            }
            for (int k = 0; k < d; k++) {
                assertThat((double) out[i * d + k]).isCloseTo(expected[k], within(1e-5));
            }
        }
    }

    private static double dot(float[] a, int aFrom, float[] b, int bFrom, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (double) a[aFrom + i] * b[bFrom + i];
        }
        return sum;
    }

    /** A thread of one's own computes on the number of threads that was asked for, without a forward pass before. */
    @Test
    void shouldKnowTheNumberOfThreadsWhenAThreadEnters() throws InterruptedException {
        TensorRuntime.start(1);
        List<Integer> seen = new ArrayList<>();
        Thread own = new Thread(() -> {
            TensorRuntime.enter();
            seen.add(JniUtils.getNumThreads());
        });
        own.start();
        own.join();
        assertThat(seen).containsExactly(1);
    }

    @Test
    void shouldLeaveNothingBehindWhenItsScopeEnds() {
        try (ForwardPass pass = Forward.run(model, PROMPT)) {
            int before = LiveArrays.count();
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                assertThat(model.mlp(0, pass.mlpIn()[0]).getShape().get(0)).isEqualTo(PROMPT.length);
                assertThat(LiveArrays.count()).isGreaterThan(before);
            }
            assertThat(LiveArrays.count()).isEqualTo(before);
        }
    }
}
