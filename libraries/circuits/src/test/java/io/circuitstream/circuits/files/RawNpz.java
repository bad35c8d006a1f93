package io.circuitstream.circuits.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes .npz files, also such as numpy would not write. */
public final class RawNpz {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    /** A float32 array of the shape, stored. */
    public RawNpz tensor(String name, float[] values, int... shape) {
        ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        StringBuilder tuple = new StringBuilder();
        for (int d : shape) {
            tuple.append(d).append(", ");
        }
        return stored(name, npy(1, header("<f4", "False", "(" + tuple + ")"), data.array()));
    }

    RawNpz stored(String name, byte[] npy) {
        return entry(name, npy, ZipEntry.STORED);
    }

    RawNpz deflated(String name, byte[] npy) {
        return entry(name, npy, ZipEntry.DEFLATED);
    }

    private RawNpz entry(String name, byte[] content, int method) {
        ZipEntry entry = new ZipEntry(name + ".npy");
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(method);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        try {
            zip.putNextEntry(entry);
            zip.write(content);
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    byte[] bytes() throws IOException {
        zip.close();
        return bytes.toByteArray();
    }

    public Path write(Path file) throws IOException {
        return Files.write(file, bytes());
    }

    static String header(String descr, String fortranOrder, String shape) {
        return "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }".formatted(descr, fortranOrder, shape);
    }

    /** The array's file, with the length of its header as version 1 or a later one has it. */
    static byte[] npy(int version, String header, byte... data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer npy = ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        npy.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) version)
                .put((byte) 0);
        if (version == 1) {
            npy.putShort((short) text.length);
        } else {
            npy.putInt(text.length);
        }
        npy.put(text).put(data);
        byte[] result = new byte[npy.position()];
        npy.flip().get(result);
        return result;
    }
}
