package io.circuitstream.circuits.transcoder;

import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where one layer's tensors are; encoder and decoder may be the same file. */
record LayerFiles(Path encoder, Path decoder) {
    private static final int SHOWN = 12;
    private static final String LAYOUTS = """
            Known transcoder folders:
              config.yaml, model_kind cross_layer_transcoder: W_enc_0.safetensors, W_dec_0.safetensors, ... (circuit-tracer)
              config.yaml, model_kind transcoder_set: layer_0.safetensors, ... (circuit-tracer)
              config.yaml with transcoders: a list of one file a layer, below this folder: \
            params.npz (GemmaScope), .safetensors (GemmaScope 2, circuit-tracer)""";

    static LayerFiles of(Path folder, Kind kind, int layer) {
        return switch (kind) {
            case CROSS_LAYER ->
                new LayerFiles(
                        folder.resolve("W_enc_" + layer + ".safetensors"),
                        folder.resolve("W_dec_" + layer + ".safetensors"));
            case PER_LAYER -> {
                Path file = folder.resolve("layer_" + layer + ".safetensors");
                yield new LayerFiles(file, file);
            }
        };
    }

    /** Every layer's files: those that the config lists, else those that the folder has. */
    static List<LayerFiles> of(Path folder, TranscoderConfig config) {
        if (config.transcoders().isEmpty()) {
            return IntStream.range(0, count(folder, config.kind()))
                    .mapToObj(layer -> of(folder, config.kind(), layer))
                    .toList();
        }
        return config.transcoders().stream()
                .map(entry -> below(folder, config, entry))
                .map(file -> new LayerFiles(file, file))
                .toList();
    }

    /** Of {@code hf://owner/name/path?revision=r} the path: nothing is downloaded. */
    private static Path below(Path folder, TranscoderConfig config, String entry) {
        String local = entry.startsWith("hf://")
                ? entry.replaceFirst("^hf://[^/]+/[^/]+/", "").replaceFirst("\\?.*$", "")
                : entry;
        try {
            Path file = folder.resolve(local).normalize();
            if (local.isEmpty() || file.equals(folder.normalize()) || !file.startsWith(folder.normalize())) {
                throw new ModelFileException(
                        config.file(), "transcoders has '" + entry + "', which is no file below this folder");
            }
            if (!Files.isRegularFile(file)) {
                throw new ModelFileException(
                        file,
                        "no such file; config.yaml lists it as '" + entry + "'. Nothing is downloaded: "
                                + "put it there, paths are relative to config.yaml's folder");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new ModelFileException(config.file(), "transcoders has '" + entry + "', which is no path", e);
        }
    }

    /** Layers are numbered without gaps from 0; a gap shows as a missing file when the layer is opened. */
    private static int count(Path folder, Kind kind) {
        String prefix = kind == Kind.CROSS_LAYER ? "W_enc_" : "layer_";
        Pattern name = Pattern.compile(prefix + "(\\d{1,5})\\.safetensors");
        try (Stream<Path> list = Files.list(folder)) {
            int last = list.map(f -> name.matcher(f.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToInt(m -> Integer.parseInt(m.group(1)))
                    .max()
                    .orElse(-1);
            if (last < 0) {
                throw unknown(
                        folder, "has no " + prefix + "0.safetensors, as its model_kind " + kind.modelKind() + " wants");
            }
            return last + 1;
        } catch (IOException e) {
            throw new ModelFileException(folder, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** What to say of a folder that is of no known layout: which there are, and what was found. */
    static ModelFileException unknown(Path folder, String problem) {
        return new ModelFileException(folder, problem + ".\nFound: " + found(folder) + ".\n" + LAYOUTS);
    }

    private static String found(Path folder) {
        if (!Files.isDirectory(folder)) {
            return "no such folder";
        }
        try (Stream<Path> list = Files.list(folder)) {
            List<String> names = list.map(f -> f.getFileName() + (Files.isDirectory(f) ? "/" : ""))
                    .sorted()
                    .toList();
            String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
            return names.isEmpty() ? "nothing" : names.size() > SHOWN ? shown + " and more" : shown;
        } catch (IOException e) {
            return "nothing readable: " + e.getMessage();
        }
    }
}
