package io.circuitstream.training.transcoder;

/**
 * The trainer's loss written out densely and in double precision, straight from its definition. Gates are an argument, so that
 * finite differences do not step over a threshold.
 */
final class DenseReference {
    private final SparseTranscoder transcoder;
    private final TranscoderShape shape;
    private final Minibatch batch;
    /** By layer, token and feature. */
    final boolean[][][] gates;

    DenseReference(SparseTranscoder transcoder, Minibatch batch) {
        this.transcoder = transcoder;
        this.shape = transcoder.shape;
        this.batch = batch;
        this.gates = new boolean[shape.layers()][batch.tokens][shape.features()];
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int token = 0; token < batch.tokens; token++) {
                for (int feature = 0; feature < shape.features(); feature++) {
                    gates[layer][token][feature] = preactivation(layer, token, feature) > threshold(layer, feature);
                }
            }
        }
    }

    double threshold(int layer, int feature) {
        return Math.exp(transcoder.logThreshold.get(layer).value[0][feature]);
    }

    double preactivation(int layer, int token, int feature) {
        double z = transcoder.encoderBias.get(layer).value[0][feature];
        for (int i = 0; i < shape.width(); i++) {
            z += (double) transcoder.encoder.get(layer).value[feature][i] * batch.inputs[layer][token][i];
        }
        return z;
    }

    /** Normalised output sites of a token as predicted, {@code [layers][width]}. */
    double[][] reconstruction(int token) {
        double[][] sites = new double[shape.layers()][shape.width()];
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int i = 0; i < shape.width(); i++) {
                sites[layer][i] = transcoder.decoderBias.value[0][shape.outputBlock(layer) * shape.width() + i];
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

    private void add(int source, int layer, int feature, double activation, double[] site) {
        float[] row = transcoder.decoder.get(source).value[feature];
        for (int i = 0; i < shape.width(); i++) {
            site[i] += activation * row[shape.outputBlock(layer) * shape.width() + i];
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
                double target = batch.outputs[token][shape.outputBlock(layer) * shape.width() + i];
                sum += (sites[layer][i] - target) * (sites[layer][i] - target);
            }
        }
        return sum;
    }

    double penalty() {
        double sum = 0;
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (int token = 0; token < batch.tokens; token++) {
                for (int feature = 0; feature < shape.features(); feature++) {
                    if (gates[layer][token][feature]) {
                        sum += Math.tanh(4 * norm(layer, feature) * preactivation(layer, token, feature));
                    }
                }
            }
        }
        return sum / batch.tokens;
    }

    private double norm(int layer, int feature) {
        double square = 1e-8;
        for (float weight : transcoder.decoder.get(layer).value[feature]) {
            square += (double) weight * weight;
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
                loss += lambda * Math.tanh(4 * norm(source, feature) * a);
            }
            change += sign * loss;
        }
        return change / (2 * h) / batch.tokens;
    }
}
