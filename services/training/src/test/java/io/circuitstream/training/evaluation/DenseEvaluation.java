package io.circuitstream.training.evaluation;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.graph.Nodes;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What {@link TranscoderMeasurement} measures, from the definitions: every feature at every position, in double, from the
 * files of a cross-layer transcoder with thresholds. Position 0 is masked.
 */
final class DenseEvaluation {
    private final LanguageModel model;
    private final int layers;
    private final int width;
    private final int features;
    private final List<float[]> encoder = new ArrayList<>();
    private final List<float[]> encoderBias = new ArrayList<>();
    private final List<float[]> threshold = new ArrayList<>();
    private final List<float[]> decoder = new ArrayList<>();
    private final List<float[]> decoderBias = new ArrayList<>();

    DenseEvaluation(LanguageModel model, Path folder) {
        this.model = model;
        this.layers = model.config().layers();
        this.width = model.config().width();
        for (int l = 0; l < layers; l++) {
            Safetensors enc = Safetensors.open(folder.resolve("W_enc_" + l + ".safetensors"));
            encoder.add(enc.readFloats("W_enc_" + l));
            encoderBias.add(enc.readFloats("b_enc_" + l));
            threshold.add(enc.readFloats("threshold_" + l));
            decoderBias.add(enc.readFloats("b_dec_" + l));
            decoder.add(Safetensors.open(folder.resolve("W_dec_" + l + ".safetensors"))
                    .readFloats("W_dec_" + l));
        }
        this.features = encoderBias.get(0).length;
    }

    /**
     * Layers' figures over all positions but the first of each document.
     *
     * @param l0 [L]
     * @param normalisedMse [L]
     * @param dead [L]
     */
    record Reconstruction(double[] l0, double[] normalisedMse, double[] dead, double explainedVariance) {}

    Reconstruction reconstruction(List<int[]> documents) {
        double[] l0 = new double[layers];
        double[] ratio = new double[layers];
        double[] dead = new double[layers];
        double allErrors = 0;
        double allVariance = 0;
        for (int l = 0; l < layers; l++) {
            List<double[]> outputs = new ArrayList<>();
            List<double[]> predictions = new ArrayList<>();
            boolean[] seen = new boolean[features];
            for (int[] tokens : documents) {
                try (ForwardPass pass = Forward.run(model, tokens)) {
                    for (int p = 1; p < tokens.length; p++) {
                        double[] a = encode(l, row(pass.residMid()[l], p));
                        IntStream.range(0, features).filter(f -> a[f] != 0).forEach(f -> seen[f] = true);
                        l0[l] += Arrays.stream(a).filter(v -> v != 0).count();
                        outputs.add(row(pass.mlpOut()[l], p));
                        predictions.add(predict(l, pass.residMid(), p));
                    }
                }
            }
            double errors = 0;
            double variance = 0;
            for (int j = 0; j < width; j++) {
                int at = j;
                double mean = outputs.stream().mapToDouble(m -> m[at]).average().orElseThrow();
                for (int i = 0; i < outputs.size(); i++) {
                    errors += square(predictions.get(i)[j] - outputs.get(i)[j]);
                    variance += square(outputs.get(i)[j] - mean);
                }
            }
            l0[l] /= outputs.size();
            ratio[l] = errors / variance;
            dead[l] = IntStream.range(0, features).filter(f -> !seen[f]).count() / (double) features;
            allErrors += errors;
            allVariance += variance;
        }
        return new Reconstruction(l0, ratio, dead, 1 - allErrors / allVariance);
    }

    /** Top-1 agreement (1 or 0) and KL of the full replacement model at every position. */
    record Position(int agrees, double divergence) {}

    List<Position> replacement(int[] tokens) {
        Forward.MlpOutput dense = new Forward.MlpOutput() {
            private final NDArray[] residMid = new NDArray[layers];

            @Override
            public NDArray of(int layer, Forward.MlpInput input, Supplier<NDArray> own) {
                residMid[layer] = input.residMid();
                float[] out = own.get().toFloatArray();
                for (int p = 1; p < tokens.length; p++) {
                    double[] predicted = predict(layer, residMid, p);
                    for (int j = 0; j < width; j++) {
                        out[p * width + j] = (float) predicted[j];
                    }
                }
                return Tensors.of(model.manager(), out, tokens.length, width);
            }
        };
        List<Position> result = new ArrayList<>();
        try (ForwardPass clean = Forward.run(model, tokens);
                ForwardPass replaced = Forward.run(model, tokens, Forward.Options.replacing(dense))) {
            for (int p = 0; p < tokens.length; p++) {
                double[] one = softmax(clean.logits(p));
                double[] other = softmax(replaced.logits(p));
                double divergence = IntStream.range(0, one.length)
                        .mapToDouble(v -> one[v] * Math.log(one[v] / other[v]))
                        .sum();
                result.add(new Position(top(one) == top(other) ? 1 : 0, divergence));
            }
        }
        return result;
    }

    /** Scores of a prompt's graph from the dense matrix Â and its powers. */
    record Scores(double replacement, double completeness, double pathLength, int activeFeatures, int edges) {}

    Scores scores(Transcoder transcoder, int[] prompt) {
        AttributionGraph graph;
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, prompt)) {
            graph = Attributor.attribute(local, AttributionOptions.DEFAULT, RowProgress.NONE);
        }
        Nodes nodes = graph.nodes();
        int n = nodes.count();
        double[][] share = new double[n][n];
        for (int r = 0; r < graph.rows().count(); r++) {
            for (int e = graph.rows().begin(r); e < graph.rows().end(r); e++) {
                share[graph.rows().rowNode()[r]][graph.rows().col()[e]] =
                        Math.abs(graph.rows().val()[e]) / graph.rows().absSum()[r];
            }
        }
        double[] weight = IntStream.range(0, n).mapToDouble(nodes::weight).toArray();
        double[] influence = new double[n];
        double lengths = 0;
        double[] power = weight;
        for (int k = 1; k <= layers + 1; k++) {
            double[] next = new double[n];
            for (int t = 0; t < n; t++) {
                for (int s = 0; s < n; s++) {
                    next[s] += power[t] * share[t][s];
                }
            }
            power = next;
            for (int s = 0; s < n; s++) {
                influence[s] += power[s];
                lengths += nodes.kind(s) == Nodes.Kind.TOKEN ? k * power[s] : 0;
            }
        }
        double tokens = sum(nodes, Nodes.Kind.TOKEN, influence);
        double errors = sum(nodes, Nodes.Kind.ERROR, influence);
        double complete = 0;
        double all = 0;
        for (int t = 0; t < n; t++) {
            double total = influence[t] + weight[t];
            complete += total * (1 - sum(nodes, Nodes.Kind.ERROR, share[t]));
            all += total;
        }
        return new Scores(
                tokens / (tokens + errors),
                complete / all,
                lengths / tokens,
                nodes.featureCount(),
                graph.rows().col().length);
    }

    private static double sum(Nodes nodes, Nodes.Kind kind, double[] values) {
        return IntStream.range(0, values.length)
                .filter(i -> nodes.kind(i) == kind)
                .mapToDouble(i -> values[i])
                .sum();
    }

    /** m̂ of one layer at one position from the streams [T,d] of it and the layers below. */
    private double[] predict(int layer, NDArray[] residMid, int position) {
        double[] sum = new double[width];
        for (int j = 0; j < width; j++) {
            sum[j] = decoderBias.get(layer)[j];
        }
        for (int s = 0; s <= layer; s++) {
            double[] a = encode(s, row(residMid[s], position));
            for (int f = 0; f < features; f++) {
                for (int j = 0; j < width; j++) {
                    sum[j] += a[f] * decoder.get(s)[(f * (layers - s) + layer - s) * width + j];
                }
            }
        }
        return sum;
    }

    private double[] encode(int layer, double[] input) {
        double[] a = new double[features];
        for (int f = 0; f < features; f++) {
            double z = encoderBias.get(layer)[f];
            for (int j = 0; j < width; j++) {
                z += encoder.get(layer)[f * width + j] * input[j];
            }
            a[f] = z > threshold.get(layer)[f] ? z : 0;
        }
        return a;
    }

    private double[] row(NDArray stream, int position) {
        float[] values = stream.toFloatArray();
        return IntStream.range(0, width)
                .mapToDouble(j -> values[position * width + j])
                .toArray();
    }

    private static double[] softmax(float[] logits) {
        double[] p = IntStream.range(0, logits.length)
                .mapToDouble(v -> Math.exp(logits[v]))
                .toArray();
        double sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(v -> v / sum).toArray();
    }

    private static int top(double[] p) {
        return IntStream.range(0, p.length)
                .reduce((a, b) -> p[b] > p[a] ? b : a)
                .orElseThrow();
    }

    private static double square(double x) {
        return x * x;
    }
}
