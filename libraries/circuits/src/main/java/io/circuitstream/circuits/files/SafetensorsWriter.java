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
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects F32 tensors and writes them as one safetensors file. The bytes depend only on names, shapes, values and metadata,
 * not on the order of the calls: names are sorted, and the header is padded so that the data start at a multiple of 8.
 * Does not copy the values: they must not change before {@link #write}. Not thread-safe.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final int CHUNK_FLOATS = 1 << 18;

    private final SortedMap<String, Tensor> tensors = new TreeMap<>();
    private final SortedMap<String, String> metadata = new TreeMap<>();

    private static final class Tensor {
        private final float[] values;
        private final long[] shape;

        private Tensor(float[] values, long[] shape) {
            this.values = values;
            this.shape = shape;
        }
    }

    /**
     * Adds a tensor, row-major.
     *
     * @throws IllegalArgumentException if the shape does not hold exactly the values, or the name is taken
     */
    public SafetensorsWriter tensor(String name, float[] values, long... shape) {
        long size = 1;
        for (long extent : shape) {
            size = Math.multiplyExact(size, extent);
        }
        if (size != values.length) {
            throw new IllegalArgumentException(
                    "tensor " + name + " has " + values.length + " values, its shape holds " + size);
        }
        if (tensors.putIfAbsent(name, new Tensor(values, shape.clone())) != null) {
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
            for (Tensor tensor : tensors.values()) {
                writeValues(channel, tensor.values);
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
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            ObjectNode node = root.putObject(entry.getKey());
            node.put("dtype", "F32");
            node.putPOJO("shape", tensor.shape);
            long end = offset + (long) tensor.values.length * Float.BYTES;
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String json = root.toString();
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        int padding = Math.floorMod(-bytes, ALIGNMENT);
        return (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
    }

    private static void writeValues(FileChannel channel, float[] values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.min(values.length, CHUNK_FLOATS) * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int start = 0; start < values.length; start += CHUNK_FLOATS) {
            int count = Math.min(CHUNK_FLOATS, values.length - start);
            buffer.clear();
            buffer.asFloatBuffer().put(values, start, count);
            writeFully(channel, buffer.limit(count * Float.BYTES));
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
