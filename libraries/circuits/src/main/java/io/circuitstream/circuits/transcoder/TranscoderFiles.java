package io.circuitstream.circuits.transcoder;

import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.circuits.files.ModelFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads transcoder folders in circuit-tracer's, GemmaScope's and GemmaScope 2's layouts (docs/transcoder-formats.md). */
public final class TranscoderFiles {
    private TranscoderFiles() {}

    /**
     * Loads a CLT or PLT. Every header and shape of every layer is checked before anything large is read.
     *
     * @throws ModelFileException naming file and tensor, and what to do
     */
    public static Transcoder load(Path folder) {
        TranscoderConfig config = TranscoderConfig.read(folder);
        List<LayerFiles> files = LayerFiles.of(folder, config);
        List<LayerTensors> layers = new ArrayList<>();
        for (LayerFiles layer : files) {
            layers.add(LayerTensors.open(layer, config.kind(), layers.size(), files.size()));
            layers.get(layers.size() - 1)
                    .check(config, layers.size() == 1 ? -1 : layers.get(0).width());
        }
        return TrainedTranscoder.read(folder, config, scan(folder, config, files), layers);
    }

    /** Of the config and all the folder's tensors, or of the listed ones. */
    private static String scan(Path folder, TranscoderConfig config, List<LayerFiles> files) {
        return config.transcoders().isEmpty()
                ? ContentHash.ofFolder(folder, "config.yaml", ".safetensors")
                : ContentHash.ofFiles(
                        folder,
                        Stream.concat(Stream.of(config.file()), files.stream().map(LayerFiles::encoder))
                                .distinct()
                                .toList());
    }
}
