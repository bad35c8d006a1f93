package io.circuitstream.training.transcoder;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The trainer's loss written out densely and in double precision, straight from its definition. Gates are computed once, so that
 * finite differences do not step over a threshold.
 */
final class DenseReference {
    private final SparseTranscoder transcoder;
    private final TranscoderShape shape;
    private final Minibatch batch;
    private final double jacobianWeight;
    /** By layer, token and feature. */
    final boolean[][][] gates;

    DenseReference(SparseTranscoder transcoder, Minibatch batch, double targetL0, double jacobianWeight) {
        this.transcoder = transcoder;
        this.shape = transcoder.shape;
        this.batch = batch;
        this.jacobianWeight = jacobianWeight;
        this.gates = new boolean[shape.layers()][batch.tokens][shape.features()];
        switch (transcoder.activation) {
            case JUMP_RELU, RELU -> everywhere((l, t, f) -> preactivation(l, t, f) > threshold(l, f));
            case TOP_K -> topK((int) Math.round(targetL0 / shape.layers()));
            case BATCH_TOP_K -> batchTopK((int) Math.round(targetL0 * batch.tokens));
        }
    }

    private interface Gate {
        boolean open(int layer, int token, int feature);
    }

    private void everywhere(Gate gate) {
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int token = 0; token < batch.tokens; token++) {
                for (int feature = 0; feature < shape.features(); feature++) {
                    gates[layer][token][feature] = gate.open(layer, token, feature);
                }
            }
        }
    }

    private void topK(int k) {
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int token = 0; token < batch.tokens; token++) {
                int l = layer;
                int t = token;
                IntStream.range(0, shape.features())
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer f) -> -preactivation(l, t, f)))
                        .limit(k)
                        .forEach(f -> gates[l][t][f] = true);
            }
        }
    }

    private void batchTopK(int count) {
        double[] scores = new double[shape.layers() * batch.tokens * shape.features()];
        everywhere((l, t, f) -> {
            scores[(l * batch.tokens + t) * shape.features() + f] = preactivation(l, t, f) * norm(l, f);
            return false;
        });
        Arrays.sort(scores);
        double cut = scores[scores.length - count];
        everywhere((l, t, f) -> preactivation(l, t, f) * norm(l, f) >= cut);
    }

    double threshold(int layer, int feature) {
        return transcoder.activation == ActivationFunction.JUMP_RELU
                ? Math.exp(transcoder.logThreshold.get(layer).value[0][feature])
                : 0;
    }

    double preactivation(int layer, int token, int feature) {
        return transcoder.encoderBias.get(layer).value[0][feature]
                + dot(transcoder.encoder.get(layer).value[feature], batch.inputs[layer][token]);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** Normalised output sites of a token as predicted, {@code [layers][width]}. */
    double[][] reconstruction(int token) {
        double[][] sites = new double[shape.layers()][shape.width()];
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int i = 0; i < shape.width(); i++) {
                sites[layer][i] = transcoder.decoderBias.get(layer).value[0][i];
                for (int j = 0; shape.skip() && j < shape.width(); j++) {
                    sites[layer][i] += (double) batch.inputs[layer][token][j] * transcoder.skip.get(layer).value[j][i];
                }
            }
            for (int source = 0; source <= layer; source++) {
                for (int feature = 0; feature < shape.features(); feature++) {
                    if (gates[source][token][feature]) {
                        add(source, layer, feature, preactivation(source, token, feature), sites[layer]);
                    }
                }
            }
        }
        return sites;
    }

    private void add(int source, int target, int feature, double activation, double[] site) {
        boolean writes =
                switch (shape.kind()) {
                    case PLT -> source == target;
                    case CLT, INCREMENTAL -> source <= target;
                };
        if (writes) {
            float[] row = transcoder.decoder(source, target)[feature];
            for (int i = 0; i < row.length; i++) {
                site[i] += activation * row[i];
            }
        }
    }

    double squaredError() {
        double sum = 0;
        for (int token = 0; token < batch.tokens; token++) {
            sum += squaredError(token, reconstruction(token));
        }
        return sum / batch.tokens / shape.width();
    }

    private double squaredError(int token, double[][] sites) {
        double sum = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int i = 0; i < shape.width(); i++) {
                double error = sites[layer][i] - batch.outputs[layer][token][i];
                sum += error * error;
            }
        }
        return sum;
    }

    double penalty() {
        double[] sum = new double[1];
        everywhere((layer, token, feature) -> {
            boolean open = gates[layer][token][feature];
            if (open) {
                sum[0] += penalty(norm(layer, feature) * preactivation(layer, token, feature));
            }
            return open;
        });
        return sum[0] / batch.tokens;
    }

    private double penalty(double size) {
        return switch (transcoder.activation) {
            case JUMP_RELU -> Math.tanh(4 * size);
            case RELU -> size;
            case TOP_K, BATCH_TOP_K -> 0;
        };
    }

    /** {@code μ/d Σ_l ‖J_TC v − J v‖²}, a mean over tokens. */
    double jacobian() {
        double sum = 0;
        float[] v = new float[shape.width()];
        for (int layer = 0; jacobianWeight > 0 && layer < shape.layers(); layer++) {
            for (int token = 0; token < batch.tokens; token++) {
                JacobianTerm.direction(batch.ids[token], layer, v);
                double[] q = new double[shape.width()];
                for (int i = 0; i < q.length; i++) {
                    q[i] = -batch.jacobians[layer][token][i];
                    for (int j = 0; shape.skip() && j < q.length; j++) {
                        q[i] += (double) v[j] * transcoder.skip.get(layer).value[j][i];
                    }
                }
                for (int feature = 0; feature < shape.features(); feature++) {
                    if (gates[layer][token][feature]) {
                        double along = dot(transcoder.encoder.get(layer).value[feature], v);
                        add(layer, layer, feature, along, q);
                    }
                }
                sum += Arrays.stream(q).map(x -> x * x).sum();
            }
        }
        return jacobianWeight * sum / shape.width() / batch.tokens;
    }

    double loss(double lambda) {
        return squaredError() + lambda * penalty() + jacobian();
    }

    double norm(int layer, int feature) {
        double square = 1e-8;
        for (int target = layer; target < shape.end(layer); target++) {
            float[] row = transcoder.decoder(layer, target)[feature];
            square += dot(row, row);
        }
        return Math.sqrt(square);
    }

    /** ∂(squared error + λ penalty)/∂a of one activation by central differences; the penalty only where it is active. */
    double activationGradient(int source, int token, int feature, double lambda) {
        double h = 1e-4;
        double change = 0;
        for (int sign = -1; sign <= 1; sign += 2) {
            double[][] sites = reconstruction(token);
            for (int layer = source; layer < shape.layers(); layer++) {
                add(source, layer, feature, sign * h, sites[layer]);
            }
            double loss = squaredError(token, sites) / shape.width();
            if (gates[source][token][feature]) {
                double a = preactivation(source, token, feature) + sign * h;
                loss += lambda * penalty(norm(source, feature) * a);
            }
            change += sign * loss;
        }
        return change / (2 * h) / batch.tokens;
    }

    /** Mean number of open gates of a token. */
    double l0() {
        double[] open = new double[1];
        everywhere((l, t, f) -> {
            open[0] += gates[l][t][f] ? 1 : 0;
            return gates[l][t][f];
        });
        return open[0] / batch.tokens;
    }
}
