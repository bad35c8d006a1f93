package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors of a Hugging Face folder by name, in one {@code model.safetensors} or in shards with an index. */
final class Weights {
    private final Path folder;
    private final Map<String, Safetensors> fileOf;

    private Weights(Path folder, Map<String, Safetensors> fileOf) {
        this.folder = folder;
        this.fileOf = fileOf;
    }

    /** @throws ModelFileException naming the missing or broken file or shard */
    static Weights open(Path folder) {
        Map<String, Safetensors> fileOf = new LinkedHashMap<>();
        Path index = folder.resolve("model.safetensors.index.json");
        if (Files.isRegularFile(index)) {
            Map<String, Safetensors> shards = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> e : weightMap(index).properties()) {
                String name = e.getValue().asText();
                if (!isPlain(name)) {
                    throw new ModelFileException(index, "shard '" + name + "' is not a plain file name");
                }
                fileOf.put(e.getKey(), shards.computeIfAbsent(name, n -> Safetensors.open(folder.resolve(n))));
            }
        } else {
            Safetensors file = Safetensors.open(folder.resolve("model.safetensors"));
            file.entries().keySet().forEach(name -> fileOf.put(name, file));
        }
        return new Weights(folder, fileOf);
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty() && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == 0);
    }

    private static JsonNode weightMap(Path index) {
        try {
            return new ObjectMapper().readTree(index.toFile()).path("weight_map");
        } catch (IOException e) {
            throw new ModelFileException(index, "is not JSON: " + e.getMessage(), e);
        }
    }

    boolean has(String name) {
        return fileOf.containsKey(name);
    }

    /** Checks name, type and shape of a tensor without reading it. */
    void require(String name, long... shape) {
        file(name).requireFloats(name, shape);
    }

    NDArray read(NDManager manager, String name, long... shape) {
        return TensorReader.read(manager, file(name), name, shape);
    }

    private Safetensors file(String name) {
        Safetensors file = fileOf.get(name);
        if (file == null) {
            throw new ModelFileException(folder, "no weights file has the tensor " + name);
        }
        return file;
    }
}
