package io.circuitstream.circuits.transcoder;

import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads transcoders in circuit-tracer's two folder layouts (circuits.md §7). */
public final class TranscoderFiles {
    private TranscoderFiles() {}

    /** Loads a CLT or PLT. @throws ModelFileException naming file and tensor, and what to do */
    public static Transcoder load(Path folder) {
        TranscoderConfig config = TranscoderConfig.read(folder);
        String scan = ContentHash.ofFolder(folder, "config.yaml", ".safetensors");
        int layers = count(folder, config.kind() == Kind.CROSS_LAYER ? "W_enc_" : "layer_");
        TrainedTranscoder result = new TrainedTranscoder(folder, config.kind(), config.site(), scan, layers);
        try {
            long width = -1;
            for (int i = 0; i < layers; i++) {
                width = read(folder, config, result, i, width);
            }
            return result;
        } catch (RuntimeException e) {
            result.close();
            throw e;
        }
    }

    /** Checks and reads one layer. Yields its width, which must be the other layers', unless that is −1. */
    private static long read(Path folder, TranscoderConfig config, TrainedTranscoder to, int layer, long width) {
        LayerNames names = LayerNames.of(to.kind(), layer);
        Safetensors encoder = Safetensors.open(folder.resolve(names.encoderFile()));
        Safetensors decoder = names.decoderFile().equals(names.encoderFile())
                ? encoder
                : Safetensors.open(folder.resolve(names.decoderFile()));
        long[] shape = encoderShape(encoder, names.encoder(), width);
        switch (to.kind()) {
            case CROSS_LAYER -> decoder.requireShape(names.decoder(), shape[0], to.layers() - layer, shape[1]);
            case PER_LAYER -> decoder.requireShape(names.decoder(), shape[0], shape[1]);
        }
        to.read(layer, names, encoder, decoder, config.activation(encoder, names, shape[0]));
        return shape[1];
    }

    private static long[] encoderShape(Safetensors file, String name, long width) {
        long[] shape = file.shape(name);
        if (shape.length != 2 || (width >= 0 && shape[1] != width)) {
            throw new ModelFileException(
                    file.file(),
                    "tensor " + name + " has shape " + Arrays.toString(shape) + ", expected [features, "
                            + (width < 0 ? "width" : width) + "]");
        }
        return shape;
    }

    /** Layers are numbered without gaps from 0; a gap shows as a missing file when the layer is opened. */
    private static int count(Path folder, String prefix) {
        Pattern name = Pattern.compile(Pattern.quote(prefix) + "(\\d{1,5})\\.safetensors");
        try (Stream<Path> list = Files.list(folder)) {
            int last = list.map(f -> name.matcher(f.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToInt(m -> Integer.parseInt(m.group(1)))
                    .max()
                    .orElse(-1);
            if (last < 0) {
                throw new ModelFileException(folder, "has no " + prefix + "0.safetensors");
            }
            return last + 1;
        } catch (IOException e) {
            throw new ModelFileException(folder, "cannot be read: " + e.getMessage(), e);
        }
    }
}
