package io.circuitstream.circuits.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes safetensors bytes that our own writer would refuse to write. */
final class RawFile {
    private RawFile() {}

    /** The header as it is, its true length before it, then the data. */
    static Path write(Path file, String header, byte... data) throws IOException {
        return write(file, header.getBytes(StandardCharsets.UTF_8).length, header, data);
    }

    /** The header's length as claimed. */
    static Path write(Path file, long claimed, String header, byte... data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        return Files.write(file, bytes.putLong(claimed).put(json).put(data).array());
    }

    /** A header with the one tensor w. */
    static String header(String type, String shape, String offsets) {
        return "{\"w\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": %s}}".formatted(type, shape, offsets);
    }
}
