package io.circuitstream.training.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldedTranscoderTest {
    private static final TranscoderShape SHAPE = new TranscoderShape(3, 16, 40);
    private static final int TOKENS = 30;

    @TempDir
    Path folder;

    @Test
    void shouldPredictTheTrainersRawSitesWhenLoadedByTheEngine() throws IOException {
        // Given: sites with means and scales far from 0 and 1, and a copy of the raw inputs
        Random random = new Random(1);
        float[][] inputs = raw(random, 3, .5);
        float[][] outputs = raw(random, -2, 7);
        float[][] rawInputs = new float[SHAPE.layers()][];
        for (int layer = 0; layer < rawInputs.length; layer++) {
            rawInputs[layer] = inputs[layer].clone();
        }
        Activations data = Activations.normalised(TOKENS, inputs, outputs);
        SparseTranscoder trained = new SparseTranscoder(SHAPE, .2, random);
        Minibatch batch = Minibatch.of(SHAPE, data, IntStream.range(0, TOKENS).toArray(), 0, TOKENS);
        DenseReference reference = new DenseReference(trained, batch);

        // When
        TranscoderFolder.write(folder, FoldedTranscoder.fold(trained, data.sites), "some", "some-clt");

        // Then
        try (Transcoder loaded = TranscoderFiles.load(folder)) {
            float[][][] activations = activations(loaded, rawInputs);
            for (int token = 0; token < TOKENS; token++) {
                double[][] sites = reference.reconstruction(token);
                for (int layer = 0; layer < SHAPE.layers(); layer++) {
                    double[] predicted = predict(loaded, activations, layer, token);
                    for (int i = 0; i < SHAPE.width(); i++) {
                        double expected =
                                sites[layer][i] * data.sites.outputScale[layer] + data.sites.outputMean[layer][i];
                        assertThat(predicted[i]).isCloseTo(expected, within(1e-4));
                    }
                }
            }
        }
    }

    @Test
    void shouldLeaveUnitScaleAndNoMeanWhenNormalised() {
        Activations data = Activations.normalised(TOKENS, raw(new Random(2), 5, 3), raw(new Random(3), 0, 1));

        double sum = 0;
        double squares = 0;
        for (float value : data.inputs[1]) {
            sum += value;
            squares += value * value;
        }
        assertThat(sum / data.inputs[1].length).isCloseTo(0, within(1e-4));
        assertThat(squares / data.inputs[1].length).isCloseTo(1, within(1e-4));
    }

    private static float[][][] activations(Transcoder loaded, float[][] rawInputs) {
        float[][][] activations = new float[SHAPE.layers()][TOKENS][SHAPE.features()];
        try (var manager = ai.djl.ndarray.NDManager.newBaseManager()) {
            for (int layer = 0; layer < SHAPE.layers(); layer++) {
                NDArray input = manager.create(rawInputs[layer], new Shape(TOKENS, SHAPE.width()));
                float[] a = loaded.activations(
                        layer, loaded.preActivations(layer, input).toFloatArray());
                for (int at = 0; at < a.length; at++) {
                    int feature = at % SHAPE.features();
                    activations[layer][at / SHAPE.features()][feature] = a[at];
                }
            }
        }
        return activations;
    }

    private static double[] predict(Transcoder loaded, float[][][] activations, int layer, int token) {
        double[] site = new double[SHAPE.width()];
        int[] features = IntStream.range(0, SHAPE.features()).toArray();
        for (int i = 0; i < site.length; i++) {
            site[i] = loaded.decoderBias(layer)[i];
        }
        for (int source = 0; source <= layer; source++) {
            float[] rows = loaded.decoderRows(source, features);
            for (int feature : features) {
                int slot = (feature * loaded.span(source) + layer - source) * SHAPE.width();
                for (int i = 0; i < site.length; i++) {
                    site[i] += (double) activations[source][token][feature] * rows[slot + i];
                }
            }
        }
        return site;
    }

    private static float[][] raw(Random random, double mean, double scale) {
        float[][] sites = new float[SHAPE.layers()][TOKENS * SHAPE.width()];
        for (float[] site : sites) {
            for (int i = 0; i < site.length; i++) {
                site[i] = (float) (mean + scale * random.nextGaussian());
            }
        }
        return sites;
    }
}
