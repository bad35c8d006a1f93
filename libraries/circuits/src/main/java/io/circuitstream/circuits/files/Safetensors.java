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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A safetensors file: eight bytes header length, a JSON header, then the tensors. The whole header is checked before
 * anything is read or allocated; values are converted to float32 on reading.
 *
 * <p>Thread-safe, and nothing stays open: every read opens the file and reads what it wants at its place. (Mapping it
 * instead leaves a mapping behind until the garbage collector comes by, and a process may have only 65,530.) Source: the
 * format's specification (huggingface/safetensors).
 */
public final class Safetensors {
    private static final int CHUNK_ELEMENTS = 1 << 18;
    private static final long MAX_HEADER = 100L << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<String, Entry> entries;
    private final Map<String, String> metadata;

    /** One tensor: bytes [begin, end) of the file. */
    public record Entry(ElementType type, List<Long> shape, long begin, long end) {
        public long elements() {
            return (end - begin) / type.bytes;
        }
    }

    /** The element types of the format; those of the first two lines can be read. */
    public enum ElementType {
        F32(4),
        F16(2),
        BF16(2),
        I32(4),
        I64(8),
        BOOL(1),
        U8(1),
        I8(1),
        U16(2),
        I16(2),
        U32(4),
        U64(8),
        F64(8),
        F8_E4M3(1),
        F8_E5M2(1);

        final int bytes;

        ElementType(int bytes) {
            this.bytes = bytes;
        }

        boolean isFloat() {
            return this == F32 || this == F16 || this == BF16;
        }

        boolean isInteger() {
            return this == I32 || this == I64;
        }
    }

    private Safetensors(Path file, Map<String, Entry> entries, Map<String, String> metadata) {
        this.file = file;
        this.entries = Collections.unmodifiableMap(entries);
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
        List<Map.Entry<String, Entry>> byOffset = new ArrayList<>(entries.entrySet());
        byOffset.sort(Comparator.comparingLong(e -> e.getValue().begin()));
        long previousEnd = dataStart;
        for (Map.Entry<String, Entry> e : byOffset) {
            if (e.getValue().begin() < previousEnd) {
                throw new ModelFileException(file, "tensor " + e.getKey() + " overlaps another one");
            }
            previousEnd = e.getValue().end();
        }
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

    public Path file() {
        return file;
    }

    /** Tensors in the order of the header. */
    public Map<String, Entry> entries() {
        return entries;
    }

    public Map<String, String> metadata() {
        return metadata;
    }

    public boolean has(String name) {
        return entries.containsKey(name);
    }

    public long[] shape(String name) {
        return entry(name).shape().stream().mapToLong(Long::longValue).toArray();
    }

    /** The whole tensor in row-major order. @throws ModelFileException when missing or not finite */
    public float[] readFloats(String name) {
        Entry entry = entry(name);
        return floats(name, entry, entry.begin(), entry.elements());
    }

    /** {@code count} elements from the {@code from}-th on, in row-major order. */
    public float[] readPart(String name, long from, int count) {
        Entry entry = entry(name);
        Objects.checkFromIndexSize(from, (long) count, entry.elements());
        return floats(name, entry, entry.begin() + from * entry.type().bytes, count);
    }

    /** The tensor, which must have the given shape. */
    public float[] readFloats(String name, long... shape) {
        requireShape(name, shape);
        return readFloats(name);
    }

    /**
     * Rows of the first dimension: result [rows.length, product of the other dimensions]. Reads only these rows, so that
     * a decoder larger than memory can be used.
     */
    public float[] readRows(String name, int[] rows) {
        Entry entry = entry(name);
        long width =
                entry.shape().get(0) == 0 ? 0 : entry.elements() / entry.shape().get(0);
        float[] result = new float[Math.toIntExact(rows.length * width)];
        for (int row : rows) {
            Objects.checkIndex((long) row, entry.shape().get(0));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (int i = 0; i < rows.length; ) {
                int run = 1;
                while (i + run < rows.length && rows[i + run] == rows[i] + run) {
                    run++;
                }
                long begin = entry.begin() + rows[i] * width * entry.type().bytes;
                floats(channel, name, entry, begin, result, Math.toIntExact(i * width), (int) (run * width));
                i += run;
            }
        } catch (IOException e) {
            throw unreadable(name, e);
        }
        return result;
    }

    /** An I32 or I64 tensor. @throws ModelFileException when it is missing, of another type, or beyond int */
    public int[] readInts(String name) {
        Entry entry = entry(name);
        requireIntegers(name, entry);
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(entry.end() - entry.begin()))
                .order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            fill(channel, name, entry.begin(), bytes);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
        int[] result = new int[Math.toIntExact(entry.elements())];
        for (int i = 0; i < result.length; i++) {
            long value = entry.type() == ElementType.I64 ? bytes.getLong() : bytes.getInt();
            if (value != (int) value) {
                throw new ModelFileException(file, "tensor " + name + " contains " + value + ": too large for an int");
            }
            result[i] = (int) value;
        }
        return result;
    }

    private void requireIntegers(String name, Entry entry) {
        if (!entry.type().isInteger()) {
            throw new ModelFileException(
                    file, "tensor " + name + " is of type " + entry.type() + ", expected are I32 or I64");
        }
    }

    private void requireFloats(String name, Entry entry) {
        if (!entry.type().isFloat()) {
            throw new ModelFileException(
                    file, "tensor " + name + " is of type " + entry.type() + ", expected are F32, F16 or BF16");
        }
    }

    /** Checks type and shape without reading. @throws ModelFileException naming the tensor and what is wrong */
    public void requireFloats(String name, long... shape) {
        requireShape(name, shape);
        requireFloats(name, entry(name));
    }

    /** Checks a shape without reading. @throws ModelFileException naming the tensor and both shapes */
    public void requireShape(String name, long... shape) {
        if (!Arrays.equals(shape(name), shape)) {
            throw new ModelFileException(
                    file,
                    "tensor " + name + " has shape " + entry(name).shape() + ", expected " + Arrays.toString(shape));
        }
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new ModelFileException(file, "tensor " + name + " is missing; present are " + entries.keySet());
        }
        return entry;
    }

    private float[] floats(String name, Entry entry, long begin, long count) {
        requireFloats(name, entry);
        if (count > Integer.MAX_VALUE - 8) {
            throw new ModelFileException(
                    file, "tensor " + name + " has " + count + " elements: too large to read whole");
        }
        float[] result = new float[(int) count];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            floats(channel, name, entry, begin, result, 0, (int) count);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
        return result;
    }

    /** Reads {@code count} values from file offset {@code begin} into {@code to} from {@code offset} on. */
    private void floats(FileChannel channel, String name, Entry entry, long begin, float[] to, int offset, int count)
            throws IOException {
        requireFloats(name, entry);
        int size = entry.type().bytes;
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.min(count, CHUNK_ELEMENTS) * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < count; done += CHUNK_ELEMENTS) {
            int n = Math.min(CHUNK_ELEMENTS, count - done);
            bytes.clear().limit(n * size);
            fill(channel, name, begin + (long) done * size, bytes);
            convert(entry.type(), bytes, to, offset + done, n);
        }
        for (int i = offset; i < offset + count; i++) {
            if (!Float.isFinite(to[i])) {
                throw new ModelFileException(file, "tensor " + name + " contains NaN or infinite values");
            }
        }
    }

    private static void convert(ElementType type, ByteBuffer bytes, float[] to, int offset, int n) {
        switch (type) {
            case F32 -> bytes.asFloatBuffer().get(to, offset, n);
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    to[offset + i] = Float.intBitsToFloat(bytes.getShort() << 16);
                }
            }
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    to[offset + i] = halfToFloat(bytes.getShort());
                }
            }
            default -> throw new IllegalArgumentException(type + " holds no floats that we read");
        }
    }

    /** IEEE 754 binary16; Java 17 has no Float.float16ToFloat. */
    static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1f;
        int mantissa = half & 0x3ff;
        if (exponent == 0) {
            return Math.copySign(mantissa * 0x1p-24f, sign == 0 ? 1f : -1f);
        }
        int bits = exponent == 31 ? 0x7f800000 | mantissa << 13 : (exponent + 112) << 23 | mantissa << 13;
        return Float.intBitsToFloat(sign | bits);
    }

    /** Fills the buffer up to its limit and flips it. */
    private void fill(FileChannel channel, String name, long begin, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, begin + bytes.position()) < 0) {
                throw new ModelFileException(file, "tensor " + name + ": the file became shorter while it was in use");
            }
        }
        bytes.flip();
    }

    private ModelFileException unreadable(String name, IOException cause) {
        return new ModelFileException(file, "tensor " + name + " cannot be read: " + cause.getMessage(), cause);
    }
}
