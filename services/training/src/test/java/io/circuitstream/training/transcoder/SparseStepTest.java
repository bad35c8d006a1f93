package io.circuitstream.training.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SparseStepTest {
    private static final TranscoderShape SHAPE = new TranscoderShape(3, 8, 14);
    private static final int TOKENS = 24;
    private static final double LAMBDA = .07;
    private static final double THRESHOLD = .3;
    private static final double WINDOW = .2;

    private final NDManager manager = NDManager.newBaseManager();
    private final Random random = new Random(11);
    private SparseTranscoder transcoder = transcoder();
    private Minibatch batch = batch();

    @BeforeEach
    void build() {
        transcoder = transcoder();
        batch = batch();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void shouldYieldTheDefinedLossWhenRun() {
        DenseReference reference = new DenseReference(transcoder, batch);

        SparseStep.Result result = new SparseStep(transcoder, manager, TOKENS).run(batch, LAMBDA);

        assertThat(result.squaredError()).isCloseTo(reference.squaredError(), within(1e-4));
        assertThat(result.penalty()).isCloseTo(reference.penalty(), within(1e-4));
        assertThat(result.l0()).isEqualTo(active(reference) / (double) TOKENS);
        assertThat(result.l0()).isBetween(2.0, 40.0);
    }

    @Test
    void shouldYieldTheDefinitionsGradientsWhenGatesStandStill() {
        // Given
        DenseReference reference = new DenseReference(transcoder, batch);
        List<Parameter> smooth = new ArrayList<>(transcoder.parameters());
        smooth.removeAll(transcoder.logThreshold);

        // When
        new SparseStep(transcoder, manager, TOKENS).run(batch, LAMBDA);

        // Then: central differences on every single weight
        int nonZero = 0;
        for (Parameter parameter : smooth) {
            for (int row = 0; row < parameter.value.length; row++) {
                for (int i = 0; i < parameter.value[row].length; i++) {
                    double expected = difference(reference, parameter.value[row], i);
                    assertThat((double) parameter.gradient[row][i])
                            .as("parameter %d row %d column %d", smooth.indexOf(parameter), row, i)
                            .isCloseTo(expected, within(1e-4 + 1e-3 * Math.abs(expected)));
                    nonZero += Math.abs(expected) > 1e-3 ? 1 : 0;
                }
            }
        }
        assertThat(nonZero).isGreaterThan(300);
    }

    @Test
    void shouldYieldTheStraightThroughGradientWhenNearTheThreshold() {
        // Given: ∂a/∂θ = −θ/ε inside the window, so ∂L/∂log θ = Σ ∂L/∂a · (−θ/ε) · θ
        DenseReference reference = new DenseReference(transcoder, batch);
        double[][] expected = new double[SHAPE.layers()][SHAPE.features()];
        int below = 0;
        for (int layer = 0; layer < SHAPE.layers(); layer++) {
            for (int token = 0; token < TOKENS; token++) {
                for (int feature = 0; feature < SHAPE.features(); feature++) {
                    double theta = reference.threshold(layer, feature);
                    double distance = reference.preactivation(layer, token, feature) - theta;
                    if (Math.abs(distance) < WINDOW / 2) {
                        double gradient = reference.activationGradient(layer, token, feature, LAMBDA);
                        expected[layer][feature] -= gradient * theta / WINDOW * theta;
                        below += distance < 0 ? 1 : 0;
                    }
                }
            }
        }

        // When
        new SparseStep(transcoder, manager, TOKENS).run(batch, LAMBDA);

        // Then
        assertThat(below).as("candidates that are not active").isGreaterThan(5);
        for (int layer = 0; layer < SHAPE.layers(); layer++) {
            for (int feature = 0; feature < SHAPE.features(); feature++) {
                assertThat((double) transcoder.logThreshold.get(layer).gradient[0][feature])
                        .as("layer %d feature %d", layer, feature)
                        .isCloseTo(expected[layer][feature], within(1e-5));
            }
        }
    }

    @Test
    void shouldPushOnlySilentFeaturesWhenTheyStaySilent() {
        // Given: feature 0 of layer 1 can never be active
        transcoder.encoderBias.get(1).value[0][0] = -100;
        SparseStep step = new SparseStep(transcoder, manager, TOKENS);

        // When
        for (int i = 0; i < 100; i++) {
            step.run(batch, 0);
        }
        float before = transcoder.encoderBias.get(1).gradient[0][0];
        step.run(batch, 0);

        // Then: a negative gradient raises the bias
        assertThat(before).isZero();
        assertThat(transcoder.encoderBias.get(1).gradient[0][0]).isNegative();
    }

    @Test
    void shouldYieldTheSameGradientsWhenRunTwice() {
        SparseTranscoder first = transcoder();
        SparseTranscoder second = transcoder();

        new SparseStep(first, manager, TOKENS).run(batch, LAMBDA);
        new SparseStep(second, manager, TOKENS).run(batch, LAMBDA);

        for (int i = 0; i < first.parameters().size(); i++) {
            assertThat(first.parameters().get(i).gradient)
                    .isDeepEqualTo(second.parameters().get(i).gradient);
        }
    }

    private static double difference(DenseReference reference, float[] row, int i) {
        float kept = row[i];
        float h = 1e-3f;
        row[i] = kept + h;
        double above = row[i];
        double up = reference.squaredError() + LAMBDA * reference.penalty();
        row[i] = kept - h;
        double below = row[i];
        double down = reference.squaredError() + LAMBDA * reference.penalty();
        row[i] = kept;
        return (up - down) / (above - below);
    }

    private static long active(DenseReference reference) {
        long active = 0;
        for (boolean[][] layer : reference.gates) {
            for (boolean[] token : layer) {
                for (boolean gate : token) {
                    active += gate ? 1 : 0;
                }
            }
        }
        return active;
    }

    private static SparseTranscoder transcoder() {
        return new SparseTranscoder(SHAPE, THRESHOLD, new Random(12));
    }

    private Minibatch batch() {
        float[][] inputs = new float[SHAPE.layers()][TOKENS * SHAPE.width()];
        float[][] outputs = new float[SHAPE.layers()][TOKENS * SHAPE.width()];
        for (int layer = 0; layer < SHAPE.layers(); layer++) {
            for (int i = 0; i < inputs[layer].length; i++) {
                inputs[layer][i] = (float) random.nextGaussian();
                outputs[layer][i] = (float) random.nextGaussian();
            }
        }
        Activations data = Activations.normalised(TOKENS, inputs, outputs);
        return Minibatch.of(SHAPE, data, IntStream.range(0, TOKENS).toArray(), 0, TOKENS);
    }
}
