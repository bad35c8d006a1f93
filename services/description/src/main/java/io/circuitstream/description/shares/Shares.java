package io.circuitstream.description.shares;

import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.events.Columns;
import io.circuitstream.events.InferenceCompleted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits events into shares. Which share a feature belongs to depends on layer and feature only, so each feature has one owner.
 *
 * @param count number of shares
 */
public record Shares(int count) {
    private static final int FEATURE_BITS = 30;
    private static final int ENTRY_BITS = 24;
    private static final int MIX = 0x9E3779B1;

    /** From 0 to count − 1. */
    public int of(int layer, int feature) {
        int hash = (layer * 31 + feature) * MIX;
        return Math.floorMod(hash >>> 8, count);
    }

    /** One share for every owner, the i-th for share i. */
    public List<PromptShare> split(InferenceCompleted inference) {
        int[] layer = Columns.ints(inference.getFeatureLayer());
        int[] feature = Columns.ints(inference.getFeatureIndex());
        long[][] entries = entries(layer, feature);
        int[] position = Columns.ints(inference.getFeaturePosition());
        float[] activation = Columns.floats(inference.getFeatureActivation());
        int[] tokens =
                inference.getTokenIds().stream().mapToInt(Integer::intValue).toArray();
        int next = inference.getTopLogits().isEmpty()
                ? -1
                : inference.getTopLogits().get(0).getId();
        long prompt = hash(tokens);
        List<PromptShare> shares = new ArrayList<>(count);
        for (long[] own : entries) {
            int n = own.length;
            PromptShare share = new PromptShare(
                    prompt,
                    tokens,
                    inference.getMaskedPositions(),
                    next,
                    new int[n],
                    new int[n],
                    new int[n],
                    new float[n]);
            for (int i = 0; i < n; i++) {
                int at = (int) (own[i] & ((1L << ENTRY_BITS) - 1));
                share.layer()[i] = layer[at];
                share.feature()[i] = feature[at];
                share.position()[i] = position[at];
                share.activation()[i] = activation[at];
            }
            shares.add(share);
        }
        return shares;
    }

    /** For each share its entries as numbers that sort by (layer, feature, position): positions ascend with the entry. */
    private long[][] entries(int[] layer, int[] feature) {
        if (layer.length >= 1 << ENTRY_BITS) {
            throw new IllegalArgumentException("more active features than can be sorted: " + layer.length);
        }
        long[][] entries = new long[count][layer.length];
        int[] n = new int[count];
        for (int i = 0; i < layer.length; i++) {
            int share = of(layer[i], feature[i]);
            entries[share][n[share]++] =
                    ((long) layer[i] << (FEATURE_BITS + ENTRY_BITS)) | ((long) feature[i] << ENTRY_BITS) | i;
        }
        for (int share = 0; share < count; share++) {
            entries[share] = Arrays.copyOf(entries[share], n[share]);
            Arrays.sort(entries[share]);
        }
        return entries;
    }

    /** The first eight bytes of SHA-256 over the ids as big-endian int32. */
    static long hash(int[] tokens) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * tokens.length);
        bytes.asIntBuffer().put(tokens);
        return ByteBuffer.wrap(ContentHash.sha256().digest(bytes.array())).getLong();
    }
}
