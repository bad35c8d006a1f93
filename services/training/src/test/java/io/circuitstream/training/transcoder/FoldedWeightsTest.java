package io.circuitstream.training.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.transcoder.TranscoderWriter.LayerWeights;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldedWeightsTest {
    private static final int TOKENS = 30;

    @ParameterizedTest
    @CsvSource({
        "CLT, JUMP_RELU, false",
        "PLT, JUMP_RELU, true",
        "INCREMENTAL, JUMP_RELU, true",
        "CLT, RELU, true",
        "INCREMENTAL, RELU, false"
    })
    void shouldPredictTheTrainersRawSitesWhenAppliedToRawInputs(
            TranscoderKind kind, ActivationFunction activation, boolean skip) {
        // Given: sites with means and scales far from 0 and 1, and a copy of the raw inputs
        TranscoderShape shape = new TranscoderShape(kind, 3, 16, 40, skip);
        Random random = new Random(1);
        float[][][] inputs = RandomSites.raw(shape, TOKENS, random, 3, .5);
        float[][][] outputs = RandomSites.raw(shape, TOKENS, random, -2, 7);
        float[][][] rawInputs = copy(inputs);
        Activations data = Activations.normalised(inputs, outputs, new float[0][][], "");
        SparseTranscoder trained = new SparseTranscoder(shape, activation, .2, random);
        trained.skip.forEach(map -> fill(map, random));
        trained.decoderBias.forEach(bias -> fill(bias, random));
        Minibatch batch = Minibatch.of(data, IntStream.range(0, TOKENS).toArray(), 0, TOKENS);
        DenseReference reference = new DenseReference(trained, batch, 0, 0);

        // When
        List<LayerWeights> folded = FoldedWeights.of(trained, data.sites);

        // Then
        for (int token = 0; token < TOKENS; token++) {
            double[][] sites = reference.reconstruction(token);
            for (int layer = 0; layer < shape.layers(); layer++) {
                double[] predicted = predict(folded, shape, rawInputs, layer, token);
                for (int i = 0; i < shape.width(); i++) {
                    double expected = sites[layer][i] * data.sites.outputScale[layer] + data.sites.outputMean[layer][i];
                    assertThat(predicted[i]).isCloseTo(expected, within(2e-4));
                }
            }
        }
    }

    @Test
    void shouldLeaveUnitScaleAndNoMeanWhenNormalised() {
        TranscoderShape shape = new TranscoderShape(TranscoderKind.PLT, 3, 16, 1, false);
        Activations data = Activations.normalised(
                RandomSites.raw(shape, TOKENS, new Random(2), 5, 3),
                RandomSites.raw(shape, TOKENS, new Random(3), 0, 1),
                new float[0][][],
                "");

        double[] sum = new double[shape.width()];
        double squares = 0;
        for (float[] row : data.inputs[1]) {
            for (int i = 0; i < row.length; i++) {
                sum[i] += row[i];
                squares += row[i] * row[i];
            }
        }
        for (double ofDimension : sum) {
            assertThat(ofDimension / TOKENS).isCloseTo(0, within(1e-4));
        }
        assertThat(squares / TOKENS / shape.width()).isCloseTo(1, within(1e-4));
    }

    /** A layer's raw output site from the definition of the layout: slot j of a source writes j layers up. */
    private static double[] predict(
            List<LayerWeights> folded, TranscoderShape shape, float[][][] rawInputs, int layer, int token) {
        int width = shape.width();
        double[] site = new double[width];
        LayerWeights own = folded.get(layer);
        for (int i = 0; i < width; i++) {
            site[i] = own.decoderBias()[i];
            for (int j = 0; shape.skip() && j < width; j++) {
                site[i] += (double) rawInputs[layer][token][j] * Objects.requireNonNull(own.skip())[j * width + i];
            }
        }
        for (int source = 0; source <= layer; source++) {
            int span = shape.kind() == TranscoderKind.PLT ? 1 : shape.layers() - source;
            for (int feature = 0; layer - source < span && feature < shape.features(); feature++) {
                LayerWeights weights = folded.get(source);
                double z = weights.encoderBias()[feature];
                for (int i = 0; i < width; i++) {
                    z += (double) weights.encoder()[feature * width + i] * rawInputs[source][token][i];
                }
                float[] threshold = weights.threshold();
                if (z > (threshold == null ? 0 : threshold[feature])) {
                    int slot = (feature * span + layer - source) * width;
                    for (int i = 0; i < width; i++) {
                        site[i] += z * weights.decoder()[slot + i];
                    }
                }
            }
        }
        return site;
    }

    private static void fill(Parameter parameter, Random random) {
        for (float[] row : parameter.value) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) (.3 * random.nextGaussian());
            }
        }
    }

    private static float[][][] copy(float[][][] sites) {
        float[][][] copy = new float[sites.length][sites[0].length][];
        for (int layer = 0; layer < sites.length; layer++) {
            for (int token = 0; token < sites[layer].length; token++) {
                copy[layer][token] = sites[layer][token].clone();
            }
        }
        return copy;
    }
}
