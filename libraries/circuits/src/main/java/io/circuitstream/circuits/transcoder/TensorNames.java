package io.circuitstream.circuits.transcoder;

import io.circuitstream.circuits.files.TensorFile;
import java.util.List;
import java.util.Set;

/** How one layer's tensors are called. */
record TensorNames(
        String encoder, String encoderBias, String decoderBias, String threshold, String skip, String decoder) {

    /** Names in the file that are none of these; k is TopK's. */
    List<String> strangers(TensorFile file) {
        Set<String> known = Set.of(encoder, encoderBias, decoderBias, threshold, skip, decoder, "k");
        return file.entries().keySet().stream().filter(n -> !known.contains(n)).toList();
    }
}
