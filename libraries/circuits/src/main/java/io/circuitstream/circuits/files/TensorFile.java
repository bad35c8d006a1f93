package io.circuitstream.circuits.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A file of named tensors, row-major and little-endian. What it holds was checked when it was opened; values are read
 * when they are asked for, and converted to float32.
 *
 * <p>Thread-safe, and nothing stays open: every read opens the file and reads what it wants at its place. (Mapping it
 * instead leaves a mapping behind until the garbage collector comes by, and a process may have only 65,530.)
 */
public abstract sealed class TensorFile permits Safetensors, Npz {
    private static final int CHUNK_ELEMENTS = 1 << 18;

    private final Path file;
    private final Map<String, Entry> entries;

    /** One tensor: bytes [begin, end) of its {@link Source}. */
    public record Entry(ElementType type, List<Long> shape, long begin, long end) {
        public long elements() {
            return (end - begin) / type.bytes;
        }
    }

    /** Element types; the floats and signed integers of four and eight bytes can be read. */
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
            return this == F32 || this == F16 || this == BF16 || this == F64;
        }

        boolean isInteger() {
            return this == I32 || this == I64;
        }
    }

    TensorFile(Path file, Map<String, Entry> entries) {
        this.file = file;
        this.entries = Collections.unmodifiableMap(entries);
    }

    /** Bytes by their place: a file, or what was unpacked from one. */
    interface Source extends AutoCloseable {
        /** Reads some bytes, −1 at the end. */
        int read(ByteBuffer to, long at) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Where a tensor's bytes are: here the file itself. */
    Source source(String name) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        return new Source() {
            @Override
            public int read(ByteBuffer to, long at) throws IOException {
                return channel.read(to, at);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** @throws ModelFileException naming the tensor that begins before another one ends */
    static void refuseOverlaps(Path file, Map<String, Entry> entries) {
        long previousEnd = 0;
        for (Map.Entry<String, Entry> e : entries.entrySet().stream()
                .sorted(Comparator.comparingLong(e -> e.getValue().begin()))
                .toList()) {
            if (e.getValue().begin() < previousEnd) {
                throw new ModelFileException(file, "tensor " + e.getKey() + " overlaps another one");
            }
            previousEnd = e.getValue().end();
        }
    }

    public Path file() {
        return file;
    }

    /** Tensors in the order of the file. */
    public Map<String, Entry> entries() {
        return entries;
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
        try (Source source = source(name)) {
            for (int i = 0; i < rows.length; ) {
                int run = 1;
                while (i + run < rows.length && rows[i + run] == rows[i] + run) {
                    run++;
                }
                long begin = entry.begin() + rows[i] * width * entry.type().bytes;
                floats(source, name, entry, begin, result, Math.toIntExact(i * width), (int) (run * width));
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
        try (Source source = source(name)) {
            fill(source, name, entry.begin(), bytes);
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
                    file, "tensor " + name + " is of type " + entry.type() + ", expected are F32, F16, BF16 or F64");
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
        try (Source source = source(name)) {
            floats(source, name, entry, begin, result, 0, (int) count);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
        return result;
    }

    /** Reads {@code count} values from offset {@code begin} into {@code to} from {@code offset} on. */
    private void floats(Source source, String name, Entry entry, long begin, float[] to, int offset, int count)
            throws IOException {
        requireFloats(name, entry);
        int size = entry.type().bytes;
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.min(count, CHUNK_ELEMENTS) * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < count; done += CHUNK_ELEMENTS) {
            int n = Math.min(CHUNK_ELEMENTS, count - done);
            bytes.clear().limit(n * size);
            fill(source, name, begin + (long) done * size, bytes);
            Floats.convert(entry.type(), bytes, to, offset + done, n);
        }
        for (int i = offset; i < offset + count; i++) {
            if (!Float.isFinite(to[i])) {
                throw new ModelFileException(file, "tensor " + name + " contains NaN or infinite values");
            }
        }
    }

    /** Fills the buffer up to its limit and flips it. */
    private void fill(Source source, String name, long begin, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (source.read(bytes, begin + bytes.position()) < 0) {
                throw new ModelFileException(file, "tensor " + name + ": the file became shorter while it was in use");
            }
        }
        bytes.flip();
    }

    private ModelFileException unreadable(String name, IOException cause) {
        return new ModelFileException(file, "tensor " + name + " cannot be read: " + cause.getMessage(), cause);
    }
}
