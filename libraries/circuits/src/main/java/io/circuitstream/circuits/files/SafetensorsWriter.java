package io.circuitstream.circuits.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects tensors and writes them as one safetensors file. The bytes depend only on names, shapes, values and metadata,
 * not on the order of the calls: wide elements come first, then names in order, and the header is padded, so that every
 * tensor is aligned.
 * Does not copy the values: they must not change before {@link #write}. Not thread-safe.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final int CHUNK_ELEMENTS = 1 << 18;

    private final SortedMap<String, Tensor> tensors = new TreeMap<>();
    private final SortedMap<String, String> metadata = new TreeMap<>();

    /** Fills a buffer of {@code count} elements from element {@code start} on. */
    private interface Fill {
        void into(ByteBuffer buffer, int start, int count);
    }

    private record Tensor(String type, int elementBytes, int length, long[] shape, Fill fill) {}

    /**
     * Adds a float32 tensor, row-major.
     *
     * @throws IllegalArgumentException if the shape does not hold exactly the values, or the name is taken
     */
    public SafetensorsWriter tensor(String name, float[] values, long... shape) {
        Fill fill = (buffer, start, count) -> buffer.asFloatBuffer().put(values, start, count);
        return add(name, new Tensor("F32", Float.BYTES, values.length, shape.clone(), fill));
    }

    /** Adds an int32 vector. */
    public SafetensorsWriter ints(String name, int[] values) {
        Fill fill = (buffer, start, count) -> buffer.asIntBuffer().put(values, start, count);
        return add(name, new Tensor("I32", Integer.BYTES, values.length, new long[] {values.length}, fill));
    }

    /** Adds an int64 vector. */
    public SafetensorsWriter longs(String name, long[] values) {
        Fill fill = (buffer, start, count) -> buffer.asLongBuffer().put(values, start, count);
        return add(name, new Tensor("I64", Long.BYTES, values.length, new long[] {values.length}, fill));
    }

    private SafetensorsWriter add(String name, Tensor tensor) {
        long size = 1;
        for (long extent : tensor.shape) {
            size = Math.multiplyExact(size, extent);
        }
        if (size != tensor.length) {
            throw new IllegalArgumentException(
                    "tensor " + name + " has " + tensor.length + " values, its shape holds " + size);
        }
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw new IllegalArgumentException("tensor " + name + " was already added");
        }
        return this;
    }

    /** Adds an entry to the header's {@code __metadata__}. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /** Writes beside the file and moves into place, so that a reader never sees half a file. */
    public void write(Path file) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try (FileChannel channel = FileChannel.open(
                partial, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            byte[] header = header();
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            writeFully(channel, length.putLong(header.length).flip());
            writeFully(channel, ByteBuffer.wrap(header));
            for (Map.Entry<String, Tensor> entry : ordered()) {
                writeValues(channel, entry.getValue());
            }
        }
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private byte[] header() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode node = root.putObject("__metadata__");
            metadata.forEach(node::put);
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : ordered()) {
            Tensor tensor = entry.getValue();
            ObjectNode node = root.putObject(entry.getKey());
            node.put("dtype", tensor.type);
            node.putPOJO("shape", tensor.shape);
            long end = offset + (long) tensor.length * tensor.elementBytes;
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String json = root.toString();
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        int padding = Math.floorMod(-bytes, ALIGNMENT);
        return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    }

    private static void writeValues(FileChannel channel, Tensor tensor) throws IOException {
        int chunk = Math.min(tensor.length, CHUNK_ELEMENTS);
        ByteBuffer buffer = ByteBuffer.allocate(chunk * tensor.elementBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int start = 0; start < tensor.length; start += CHUNK_ELEMENTS) {
            int count = Math.min(CHUNK_ELEMENTS, tensor.length - start);
            buffer.clear();
            tensor.fill.into(buffer, start, count);
            writeFully(channel, buffer.limit(count * tensor.elementBytes));
        }
    }

    private List<Map.Entry<String, Tensor>> ordered() {
        return tensors.entrySet().stream()
                .sorted(Comparator.comparingInt(e -> -e.getValue().elementBytes))
                .toList();
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
