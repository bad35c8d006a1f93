package io.circuitstream.circuits.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: eight bytes header length, a JSON header, then the tensors. The whole header is checked before
 * anything is read or allocated. Thread-safe. Source: the format's specification (huggingface/safetensors).
 */
public final class Safetensors extends TensorFile {
    private static final long MAX_HEADER = 100L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> metadata;

    private Safetensors(Path file, Map<String, Entry> entries, Map<String, String> metadata) {
        super(file, entries);
        this.metadata = Collections.unmodifiableMap(metadata);
    }

    /** Reads and checks the header. @throws ModelFileException when the file is missing, truncated, or its header lies */
    public static Safetensors open(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < 8) {
                throw new ModelFileException(file, "has " + size + " bytes: truncated, download or copy it again");
            }
            long headerLength = read(channel, 0, 8).getLong();
            if (headerLength < 2 || headerLength > MAX_HEADER || headerLength > size - 8) {
                throw new ModelFileException(
                        file,
                        "its header claims " + headerLength + " bytes, the file has " + size
                                + ": truncated or not a safetensors file");
            }
            byte[] header = new byte[(int) headerLength];
            read(channel, 8, header.length).get(header);
            return parse(file, json(file, header), 8 + headerLength, size);
        } catch (NoSuchFileException e) {
            throw new ModelFileException(file, "no such file", e);
        } catch (IOException e) {
            throw new ModelFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static JsonNode json(Path file, byte[] header) throws IOException {
        JsonNode json;
        try {
            json = JSON.readTree(header);
        } catch (JsonProcessingException e) {
            throw new ModelFileException(file, "its header is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!json.isObject()) {
            throw new ModelFileException(file, "its header is not a JSON object");
        }
        return json;
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("ends early");
            }
        }
        return buffer.flip();
    }

    private static Safetensors parse(Path file, JsonNode header, long dataStart, long size) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        header.properties().forEach(p -> {
            if (p.getKey().equals("__metadata__")) {
                p.getValue()
                        .properties()
                        .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
            } else {
                entries.put(p.getKey(), entry(file, p.getKey(), p.getValue(), dataStart, size));
            }
        });
        refuseOverlaps(file, entries);
        return new Safetensors(file, entries, metadata);
    }

    private static Entry entry(Path file, String name, JsonNode node, long dataStart, long size) {
        ElementType type;
        try {
            type = ElementType.valueOf(node.path("dtype").asText());
        } catch (IllegalArgumentException e) {
            throw new ModelFileException(
                    file,
                    "tensor " + name + " has dtype " + node.path("dtype").asText() + ", known are "
                            + Arrays.toString(ElementType.values()),
                    e);
        }
        JsonNode offsets = node.path("data_offsets");
        if (!node.path("shape").isArray() || offsets.size() != 2) {
            throw new ModelFileException(file, "tensor " + name + " lacks a shape or its two data_offsets");
        }
        long begin = natural(file, name, offsets.get(0));
        long end = natural(file, name, offsets.get(1));
        List<Long> shape = new ArrayList<>();
        long bytes = type.bytes;
        try {
            for (JsonNode d : node.path("shape")) {
                shape.add(natural(file, name, d));
                bytes = Math.multiplyExact(bytes, d.asLong());
            }
        } catch (ArithmeticException e) {
            throw new ModelFileException(file, "tensor " + name + " has an absurd shape", e);
        }
        if (end - begin != bytes) {
            throw new ModelFileException(
                    file,
                    "tensor " + name + " of shape " + shape + " and type " + type + " cannot be " + (end - begin)
                            + " bytes long");
        }
        if (end > size - dataStart) {
            throw new ModelFileException(
                    file,
                    "tensor " + name + " ends at byte " + (dataStart + end) + ", the file has " + size
                            + ": truncated, download or copy it again");
        }
        return new Entry(type, List.copyOf(shape), dataStart + begin, dataStart + end);
    }

    private static long natural(Path file, String name, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
            throw new ModelFileException(
                    file, "tensor " + name + " has " + node + " in shape or data_offsets, not a natural number");
        }
        return node.asLong();
    }

    public Map<String, String> metadata() {
        return metadata;
    }
}
