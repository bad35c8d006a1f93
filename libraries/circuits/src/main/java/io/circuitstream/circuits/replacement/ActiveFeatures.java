package io.circuitstream.circuits.replacement;

import io.circuitstream.circuits.files.ContentHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The features that are active on a prompt, ascending by (layer, position, index): struct of arrays of length F.
 *
 * @param activation a, which is also the pre-activation
 * @param layerStart [L+1]: the features of layer l are layerStart[l] until layerStart[l+1]
 */
public record ActiveFeatures(int[] layer, int[] position, int[] index, float[] activation, int[] layerStart) {

    public int count() {
        return layer.length;
    }

    /** SHA-256 (hex) over layer, position and index as little-endian int32 columns: which features, not how strongly. */
    public String digest() {
        MessageDigest digest = ContentHash.sha256();
        for (int[] column : new int[][] {layer, position, index}) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * column.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asIntBuffer().put(column);
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
