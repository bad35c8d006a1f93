package io.circuitstream.training.checkpoint;

import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.files.SafetensorsWriter;
import io.circuitstream.circuits.files.TensorFile;
import io.circuitstream.circuits.files.TensorFile.ElementType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One safetensors file with the state of an unfinished run and the fingerprint of everything that decides that run: whoever
 * continues with another fingerprint would end at weights that no single run gives.
 */
public final class Checkpoint {
    private static final String FORMAT = "format";
    private static final String VERSION = "circuitstream-checkpoint-1";
    private static final String STEP = "step";
    private static final String STEPS = "steps";
    private static final String FINGERPRINT = "fingerprint.";
    private static final String TEXT = "text.";
    private static final String ABSENT = "(not set)";
    private static final int CHUNK_BYTES = 1 << 20;

    private Checkpoint() {}

    /**
     * Replaces the file as {@link DurableFile#replace} does.
     *
     * @throws IOException naming file, bytes needed and bytes free; the checkpoint of before can still be read
     */
    public static void write(Path file, SortedMap<String, String> fingerprint, Content content) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata(FORMAT, VERSION)
                .metadata(STEP, Integer.toString(content.step()))
                .metadata(STEPS, Integer.toString(content.steps()));
        fingerprint.forEach((key, value) -> writer.metadata(FINGERPRINT + key, value));
        content.texts().forEach((name, value) -> writer.metadata(TEXT + name, value));
        content.floats().forEach((name, values) -> writer.tensor(name, values, values.length));
        content.ints().forEach(writer::ints);
        DurableFile.replace(file, content.bytes(), writer::write);
    }

    /**
     * What was written. Nothing of the file stays open or mapped, so that it can be replaced and its space is free at once.
     *
     * @throws ModelFileException if it is missing, damaged or no checkpoint
     * @throws UnfinishedRunException if the fingerprint is another one; names every setting that differs
     */
    public static Content read(Path file, SortedMap<String, String> fingerprint) throws IOException {
        Safetensors tensors = open(file);
        requireSame(file, fingerprint, tensors.metadata());
        Content content = new Content(file, number(tensors, STEP), number(tensors, STEPS));
        tensors.metadata().forEach((key, value) -> {
            if (key.startsWith(TEXT)) {
                content.putText(key.substring(TEXT.length()), value);
            }
        });
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (Map.Entry<String, TensorFile.Entry> tensor : tensors.entries().entrySet()) {
                readTensor(channel, tensor.getKey(), tensor.getValue(), content);
            }
        }
        return content;
    }

    /** How far the run has come, such as "step 500 of 6000". @throws ModelFileException as {@link #read} */
    static String position(Path file) {
        Safetensors tensors = open(file);
        return "step " + number(tensors, STEP) + " of " + number(tensors, STEPS);
    }

    private static Safetensors open(Path file) {
        Safetensors tensors;
        try {
            tensors = Safetensors.open(file);
        } catch (ModelFileException e) {
            throw unusable(file, "damaged (" + e.getMessage() + ")", e);
        }
        String version = tensors.metadata().getOrDefault(FORMAT, "unknown");
        if (!version.equals(VERSION)) {
            throw new ModelFileException(
                    file,
                    "is of format " + version + ", no checkpoint that this program can continue (" + VERSION
                            + "); delete it and start again without --resume");
        }
        return tensors;
    }

    private static ModelFileException unusable(Path file, String problem, Throwable cause) {
        return new ModelFileException(
                file, "this checkpoint is " + problem + "; delete it and start again without --resume", cause);
    }

    private static int number(Safetensors tensors, String key) {
        try {
            return Integer.parseInt(tensors.metadata().getOrDefault(key, ""));
        } catch (NumberFormatException e) {
            throw unusable(tensors.file(), "without a valid " + key, e);
        }
    }

    private static void requireSame(Path file, SortedMap<String, String> wanted, Map<String, String> metadata) {
        SortedMap<String, String> found = new TreeMap<>();
        metadata.forEach((key, value) -> {
            if (key.startsWith(FINGERPRINT)) {
                found.put(key.substring(FINGERPRINT.length()), value);
            }
        });
        TreeSet<String> keys = new TreeSet<>(wanted.keySet());
        keys.addAll(found.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            String before = found.getOrDefault(key, ABSENT);
            String now = wanted.getOrDefault(key, ABSENT);
            if (!before.equals(now)) {
                differences.add(key + " " + before + " → " + now);
            }
        }
        if (!differences.isEmpty()) {
            throw new UnfinishedRunException(file + " is the checkpoint of another run: "
                    + String.join(", ", differences)
                    + "; run with the settings of before, or delete the file to start again");
        }
    }

    private static void readTensor(FileChannel channel, String name, TensorFile.Entry entry, Content content)
            throws IOException {
        int count = Math.toIntExact(entry.elements());
        if (entry.type() == ElementType.F32) {
            float[] values = new float[count];
            read(channel, entry, (buffer, start, n) -> buffer.asFloatBuffer().get(values, start, n));
            content.putFloats(name, values);
        } else if (entry.type() == ElementType.I32) {
            int[] values = new int[count];
            read(channel, entry, (buffer, start, n) -> buffer.asIntBuffer().get(values, start, n));
            content.putInts(name, values);
        } else {
            throw new IOException("tensor " + name + " is of type " + entry.type() + ", no checkpoint has that");
        }
    }

    /** Takes {@code count} elements of four bytes as elements from {@code start} on. */
    private interface Sink {
        void take(ByteBuffer buffer, int start, int count);
    }

    private static void read(FileChannel channel, TensorFile.Entry entry, Sink sink) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = entry.begin(); at < entry.end(); at += CHUNK_BYTES) {
            int length = (int) Math.min(CHUNK_BYTES, entry.end() - at);
            buffer.clear().limit(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, at + buffer.position()) < 0) {
                    throw new EOFException("a checkpoint became shorter while it was read");
                }
            }
            buffer.flip();
            sink.take(buffer, (int) ((at - entry.begin()) / Float.BYTES), length / Float.BYTES);
        }
    }
}
