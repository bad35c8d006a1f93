package io.circuitstream.training.transcoder;

/**
 * Which features a minibatch's tokens are concerned with. A token's row has the active features at its beginning, ascending, and
 * those that are near their threshold but not above it at its end. Holds {@code 12 · layers · tokens · features} bytes.
 */
final class Candidates {
    private final int features;
    /** By layer, {@code [tokens · features]}: which feature an entry is. */
    final int[][] feature;
    /** By layer, {@code [tokens · features]}. */
    final float[][] preactivation;
    /** By layer, {@code [tokens · features]}: the loss's gradient by the activation. */
    final float[][] gradient;
    /** By layer and token. */
    private final int[][] active;
    /** By layer and token. */
    private final int[][] near;

    Candidates(TranscoderShape shape, int tokens) {
        int layers = shape.layers();
        features = shape.features();
        feature = new int[layers][tokens * features];
        preactivation = new float[layers][tokens * features];
        gradient = new float[layers][tokens * features];
        active = new int[layers][tokens];
        near = new int[layers][tokens];
    }

    int activeFrom(int token) {
        return token * features;
    }

    int activeTo(int layer, int token) {
        return token * features + active[layer][token];
    }

    int nearFrom(int layer, int token) {
        return nearTo(token) - near[layer][token];
    }

    int nearTo(int token) {
        return (token + 1) * features;
    }

    int count(int layer, int token) {
        return active[layer][token];
    }

    /** Active are those above their threshold, near those at most {@code margin} below. */
    void aboveThreshold(int layer, int token, float[] z, float[] threshold, float margin) {
        int row = token * features;
        int front = row;
        int back = row + features;
        for (int f = 0; f < features; f++) {
            float value = z[row + f];
            if (value > threshold[f] - margin) {
                int at = value > threshold[f] ? front++ : --back;
                feature[layer][at] = f;
                preactivation[layer][at] = value;
            }
        }
        active[layer][token] = front - row;
        near[layer][token] = row + features - back;
    }

    /** The k largest; among equals the lower index wins. {@code scratch} is overwritten. */
    void largest(int layer, int token, float[] z, int k, float[] scratch) {
        int row = token * features;
        int wanted = Math.min(k, features);
        System.arraycopy(z, row, scratch, 0, features);
        float cut = Selection.largest(scratch, features, wanted);
        int above = 0;
        for (int f = 0; f < features; f++) {
            above += z[row + f] > cut ? 1 : 0;
        }
        int equals = wanted - above;
        int front = row;
        for (int f = 0; f < features; f++) {
            float value = z[row + f];
            if (value > cut || (value == cut && equals-- > 0)) {
                feature[layer][front] = f;
                preactivation[layer][front++] = value;
            }
        }
        active[layer][token] = front - row;
    }

    /** Appends {@code z · norm} of the active features of a token to {@code scores}; yields how many there are then. */
    int scores(int layer, int token, float[] norm, float[] scores, int count) {
        int n = count;
        for (int at = activeFrom(token); at < activeTo(layer, token); at++) {
            scores[n++] = preactivation[layer][at] * norm[feature[layer][at]];
        }
        return n;
    }

    /** Keeps the active features whose {@code z · norm} is above the cut. */
    void keepAbove(int layer, int token, float[] norm, float cut) {
        int to = activeFrom(token);
        for (int at = activeFrom(token); at < activeTo(layer, token); at++) {
            int f = feature[layer][at];
            if (preactivation[layer][at] * norm[f] > cut) {
                feature[layer][to] = f;
                preactivation[layer][to++] = preactivation[layer][at];
            }
        }
        active[layer][token] = to - activeFrom(token);
    }
}
