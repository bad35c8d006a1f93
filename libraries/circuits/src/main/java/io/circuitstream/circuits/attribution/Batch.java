package io.circuitstream.circuits.attribution;

/**
 * Targets of one layer that are carried down together.
 *
 * @param layer they read resid_mid of this layer; L for the stream above the last one
 * @param node [B]
 * @param position [B], ascending
 * @param vectors [B·d] with which they read
 * @param bias [B] what they read of biases between the stream and themselves
 * @param value [B] pre-activations
 */
record Batch(int layer, int[] node, int[] position, float[] vectors, double[] bias, double[] value) {
    int size() {
        return node.length;
    }
}
