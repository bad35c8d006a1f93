package io.circuitstream.training.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SparseStepTest {
    private static final int TOKENS = 24;
    private static final double LAMBDA = .07;
    private static final double THRESHOLD = .3;
    private static final double TARGET_L0 = 9;

    private final NDManager manager = NDManager.newBaseManager();

    /** A kind of transcoder and what is added to its loss. */
    record Case(TranscoderKind kind, ActivationFunction activation, boolean skip, double jacobianWeight) {
        SparseTranscoder transcoder() {
            TranscoderShape shape = new TranscoderShape(kind, 3, 8, 14, skip);
            SparseTranscoder made = new SparseTranscoder(shape, activation, THRESHOLD, new Random(12));
            Random random = new Random(13);
            for (Parameter map : made.skip) {
                for (float[] row : map.value) {
                    for (int i = 0; i < row.length; i++) {
                        row[i] = (float) (.2 * random.nextGaussian());
                    }
                }
            }
            return made;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(TranscoderKind.CLT, ActivationFunction.JUMP_RELU, false, 0),
                new Case(TranscoderKind.PLT, ActivationFunction.JUMP_RELU, false, 0),
                new Case(TranscoderKind.INCREMENTAL, ActivationFunction.JUMP_RELU, false, 0),
                new Case(TranscoderKind.CLT, ActivationFunction.RELU, false, 0),
                new Case(TranscoderKind.INCREMENTAL, ActivationFunction.RELU, true, .4),
                new Case(TranscoderKind.PLT, ActivationFunction.TOP_K, true, 0),
                new Case(TranscoderKind.CLT, ActivationFunction.TOP_K, false, 0),
                new Case(TranscoderKind.CLT, ActivationFunction.BATCH_TOP_K, false, 0),
                new Case(TranscoderKind.CLT, ActivationFunction.JUMP_RELU, true, .3));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldYieldTheDefinedLossWhenRun(Case of) {
        SparseTranscoder transcoder = of.transcoder();
        Minibatch batch = batch(transcoder);
        DenseReference reference = reference(of, transcoder, batch);

        SparseStep.Result result = step(of, transcoder).run(batch, LAMBDA);

        double squaredError = result.meanSquaredError() * transcoder.shape.layers();
        assertThat(squaredError).isCloseTo(reference.squaredError(), within(1e-4));
        assertThat(result.penalty()).isCloseTo(reference.penalty(), within(1e-4));
        assertThat(result.jacobian()).isCloseTo(reference.jacobian(), within(1e-4));
        assertThat(result.loss(LAMBDA)).isCloseTo(reference.loss(LAMBDA), within(2e-4));
        assertThat(result.totalL0()).isCloseTo(reference.l0(), within(1e-9)).isBetween(2.0, 40.0);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldYieldTheDefinitionsGradientsWhenGatesStandStill(Case of) {
        // Given
        SparseTranscoder transcoder = of.transcoder();
        Minibatch batch = batch(transcoder);
        DenseReference reference = reference(of, transcoder, batch);
        List<Parameter> smooth = new ArrayList<>(transcoder.parameters());
        smooth.removeAll(transcoder.logThreshold);

        // When
        step(of, transcoder).run(batch, LAMBDA);

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

    @ParameterizedTest
    @MethodSource("cases")
    void shouldYieldTheStraightThroughGradientWhenNearTheThreshold(Case of) {
        // Given: ∂a/∂θ = −θ/ε inside the window, so ∂L/∂log θ = Σ ∂L/∂a · (−θ/ε) · θ; below θ one token for four
        SparseTranscoder transcoder = of.transcoder();
        Minibatch batch = batch(transcoder);
        DenseReference reference = reference(of, transcoder, batch);
        int below = 0;
        double[][] expected = new double[transcoder.logThreshold.size()][transcoder.shape.features()];
        for (int layer = 0; layer < expected.length; layer++) {
            for (int token = 0; token < TOKENS; token++) {
                for (int feature = 0; feature < transcoder.shape.features(); feature++) {
                    double theta = reference.threshold(layer, feature);
                    double distance = reference.preactivation(layer, token, feature) - theta;
                    boolean asked = distance > 0 || token % Encoding.NEAR_EVERY == 0;
                    if (asked && Math.abs(distance) < SparseStep.WINDOW / 2) {
                        double gradient = reference.activationGradient(layer, token, feature, LAMBDA);
                        double weight = distance > 0 ? 1 : Encoding.NEAR_EVERY;
                        expected[layer][feature] -= weight * gradient * theta / SparseStep.WINDOW * theta;
                        below += distance < 0 ? 1 : 0;
                    }
                }
            }
        }

        // When
        step(of, transcoder).run(batch, LAMBDA);

        // Then
        assertThat(below > 5)
                .as("candidates that are not active")
                .isEqualTo(of.activation == ActivationFunction.JUMP_RELU);
        for (int layer = 0; layer < expected.length; layer++) {
            for (int feature = 0; feature < transcoder.shape.features(); feature++) {
                assertThat((double) transcoder.logThreshold.get(layer).gradient[0][feature])
                        .as("layer %d feature %d", layer, feature)
                        .isCloseTo(expected[layer][feature], within(1e-5));
            }
        }
    }

    @Test
    void shouldPushOnlySilentFeaturesWhenTheyStaySilent() {
        // Given: feature 0 of layer 1 can never be active
        Case of = new Case(TranscoderKind.CLT, ActivationFunction.JUMP_RELU, false, 0);
        SparseTranscoder transcoder = of.transcoder();
        Minibatch batch = batch(transcoder);
        transcoder.encoderBias.get(1).value[0][0] = -100;
        SparseStep step = step(of, transcoder);

        // When
        for (int i = 0; i < 100; i++) {
            step.run(batch, 0);
        }
        float before = transcoder.encoderBias.get(1).gradient[0][0];
        double silentBefore = step.gradients().silentFraction();
        step.run(batch, 0);

        // Then: a negative gradient raises the bias
        assertThat(before).isZero();
        assertThat(silentBefore).isZero();
        assertThat(transcoder.encoderBias.get(1).gradient[0][0]).isNegative();
        assertThat(step.gradients().silentFraction()).isGreaterThanOrEqualTo(1 / 42.0);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldYieldTheSameGradientsWhenRunTwice(Case of) {
        SparseTranscoder first = of.transcoder();
        SparseTranscoder second = of.transcoder();

        step(of, first).run(batch(first), LAMBDA);
        step(of, second).run(batch(second), LAMBDA);

        for (int i = 0; i < first.parameters().size(); i++) {
            assertThat(first.parameters().get(i).gradient)
                    .isDeepEqualTo(second.parameters().get(i).gradient);
        }
    }

    @Test
    void shouldFollowTheBatchesCutWhenBatchTopK() {
        Case of = new Case(TranscoderKind.CLT, ActivationFunction.BATCH_TOP_K, false, 0);
        SparseTranscoder transcoder = of.transcoder();
        SparseStep step = step(of, transcoder);
        step.run(batch(transcoder), 0);
        double first = transcoder.batchCut;

        transcoder.encoderBias.forEach(bias -> java.util.Arrays.fill(bias.value[0], .5f));
        transcoder.refresh();
        SparseStep.Result result = step.run(batch(transcoder), 0);

        assertThat(result.totalL0())
                .as("half the earlier cut still lets enough through")
                .isEqualTo(TARGET_L0);
        assertThat(transcoder.batchCut).isGreaterThan(first);
        assertThat(transcoder.threshold[1][2]).isCloseTo((float) (first / transcoder.decoderNorm[1][2]), within(1e-6f));
    }

    private SparseStep step(Case of, SparseTranscoder transcoder) {
        return new SparseStep(transcoder, manager, TOKENS, TARGET_L0, of.jacobianWeight);
    }

    private static DenseReference reference(Case of, SparseTranscoder transcoder, Minibatch batch) {
        return new DenseReference(transcoder, batch, TARGET_L0, of.jacobianWeight);
    }

    private static Minibatch batch(SparseTranscoder transcoder) {
        return RandomSites.minibatch(transcoder.shape, TOKENS, new Random(11));
    }

    private static double difference(DenseReference reference, float[] row, int i) {
        float kept = row[i];
        float h = 1e-3f;
        row[i] = kept + h;
        double above = row[i];
        double up = reference.loss(LAMBDA);
        row[i] = kept - h;
        double below = row[i];
        double down = reference.loss(LAMBDA);
        row[i] = kept;
        return (up - down) / (above - below);
    }
}
