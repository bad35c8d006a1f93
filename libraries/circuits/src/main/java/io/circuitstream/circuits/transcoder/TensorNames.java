package io.circuitstream.circuits.transcoder;

import io.circuitstream.circuits.files.TensorFile;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one layer's tensors are called.
 *
 * @param skip null where the layout has none
 */
record TensorNames(
        String encoder,
        String encoderBias,
        String decoderBias,
        String threshold,
        @Nullable String skip,
        String decoder) {

    /** Names in the file that are none of these; k is TopK's. */
    List<String> strangers(TensorFile file) {
        Set<String> known = Set.of(encoder, encoderBias, decoderBias, threshold, decoder, "k");
        return file.entries().keySet().stream()
                .filter(n -> !known.contains(n) && !n.equals(skip))
                .toList();
    }
}
