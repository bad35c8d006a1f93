package io.circuitstream.circuits.graphfile;

/**
 * The links of a graph file, in its order: struct of arrays, nobody writes to them.
 *
 * @param source index of the source among the file's nodes
 * @param target index of the target among the file's nodes
 * @param weight A[target, source], direct effect on the target's pre-activation
 */
public record Links(int[] source, int[] target, float[] weight) {

    public int count() {
        return weight.length;
    }
}
