package io.circuitstream.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.SafetensorsWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final SortedMap<String, String> FINGERPRINT = new TreeMap<>(Map.of("seed", "1", "rows", "32"));

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("new").resolve("training.checkpoint");
    }

    @Test
    void shouldReadBackEveryBitWhenWritten() throws IOException {
        // Given: more floats than fit one read, and values that text and arithmetic would change
        Random random = new Random(5);
        float[] large = new float[700_001];
        for (int i = 0; i < large.length; i++) {
            large[i] = random.nextFloat() - .5f;
        }
        float[] odd = {-0f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE};
        double[] doubles = {Math.PI, -0.0, Double.NaN, Double.MIN_VALUE, 1e300};

        // When
        Checkpoint.write(
                file,
                FINGERPRINT,
                new Content(7, 60)
                        .putFloats("large", large)
                        .putFloats("odd", odd)
                        .putFloats("none", new float[0])
                        .putInts("counts", new int[] {3, -1, Integer.MIN_VALUE})
                        .putDoubles("doubles", doubles)
                        .putDoubles("no doubles")
                        .putLong("tokens", 1L << 40)
                        .putText("text", "ü \"quoted\""));
        Content read = Checkpoint.read(file, FINGERPRINT);

        // Then
        assertThat(read.step()).isEqualTo(7);
        assertThat(read.steps()).isEqualTo(60);
        assertThat(bits(read.floats("large", large.length))).isEqualTo(bits(large));
        assertThat(bits(read.floats("odd", 4))).isEqualTo(bits(odd));
        assertThat(read.floats("none", 0)).isEmpty();
        assertThat(read.ints("counts")).containsExactly(3, -1, Integer.MIN_VALUE);
        assertThat(read.doubles("doubles")).isEqualTo(doubles);
        assertThat(read.doubles("no doubles")).isEmpty();
        assertThat(read.longValue("tokens")).isEqualTo(1L << 40);
        assertThat(read.text("text")).isEqualTo("ü \"quoted\"");
        assertThat(files()).containsExactly("training.checkpoint");
    }

    @Test
    void shouldHoldNothingOfTheFileWhenItWasRead() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        assumeThat(maps).exists();
        Checkpoint.write(file, FINGERPRINT, new Content(7, 60).putFloats("x", new float[1000]));

        Checkpoint.read(file, FINGERPRINT);

        assertThat(Files.readString(maps)).contains("java").doesNotContain(file.toString());
    }

    @Test
    void shouldNameEverySettingThatDiffersWhenTheRunIsAnother() throws IOException {
        Checkpoint.write(file, FINGERPRINT, new Content(7, 60));
        SortedMap<String, String> other = new TreeMap<>(FINGERPRINT);
        other.put("seed", "2");
        other.put("layers", "6");
        other.remove("rows");

        assertThatThrownBy(() -> Checkpoint.read(file, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("layers (not set) → 6, rows 32 → (not set), seed 1 → 2;")
                .hasMessageContaining("delete the file");
    }

    @Test
    void shouldNameTheFileWhenItIsTruncatedAnywhere() throws IOException {
        Checkpoint.write(file, FINGERPRINT, new Content(7, 60).putFloats("x", new float[1000]));
        long size = Files.size(file);

        for (long length : List.of(size - 1, size - 3000, 100L, 3L, 0L)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(length);
            }
            assertThatThrownBy(() -> Checkpoint.read(file, FINGERPRINT))
                    .as("%d of %d bytes", length, size)
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageStartingWith(file + ": this checkpoint is damaged")
                    .hasMessageContaining("delete it");
        }
    }

    @Test
    void shouldRefuseWhenTheFileIsNoCheckpoint() throws IOException {
        Files.createDirectories(file.getParent());
        new SafetensorsWriter().tensor("x", new float[2], 2).write(file);

        assertThatThrownBy(() -> Checkpoint.read(file, FINGERPRINT))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("format unknown");
    }

    @Test
    void shouldNameWhatIsThereWhenSomethingIsMissing() throws IOException {
        Checkpoint.write(file, FINGERPRINT, new Content(7, 60).putFloats("x", new float[2]));
        Content read = Checkpoint.read(file, FINGERPRINT);

        assertThatThrownBy(() -> read.floats("y", 2)).hasMessageContaining("y is missing; present are [x]");
        assertThatThrownBy(() -> read.floats("x", 3)).hasMessageContaining("x has 2 values, expected 3");
        assertThatThrownBy(() -> read.text("z")).hasMessageContaining(file.toString());
    }

    @Test
    void shouldKeepTheOldCheckpointWhenTheDiskIsFull() throws IOException {
        // Given: a checkpoint, and a device without room where the next one will be written first
        Path full = Path.of("/dev/full");
        assumeThat(full).exists();
        Checkpoint.write(file, FINGERPRINT, new Content(7, 60).putFloats("x", new float[] {1, 2}));
        Files.createSymbolicLink(file.resolveSibling("training.checkpoint.new.partial"), full);
        Content next = new Content(8, 60).putFloats("x", new float[50_000]);

        // When
        assertThatThrownBy(() -> Checkpoint.write(file, FINGERPRINT, next))
                // Then
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " cannot be written: No space left on device; ")
                .hasMessageMatching("(?s).* it needs 200000 bytes, \\d+ bytes are free on its file system.*")
                .hasMessageContaining("--resume");
        assertThat(Checkpoint.read(file, FINGERPRINT).floats("x", 2)).containsExactly(1, 2);
        assertThat(files()).containsExactly("training.checkpoint");
        assertThat(full).exists();
    }

    @Test
    void shouldKeepTheOldFileWhenWritingStopsHalfway() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "old");

        assertThatThrownBy(() -> DurableFile.replace(file, 10, temporary -> {
                    Files.writeString(temporary, "ne");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left on device; it needs 10 bytes");
        assertThat(file).hasContent("old");
        assertThat(files()).containsExactly("training.checkpoint");
    }

    @Test
    void shouldSayWhatToDoWhenAnUnfinishedRunIsInTheWay() throws IOException {
        Checkpoints fresh = Checkpoints.in(folder, 50, false);
        assertThat(fresh.start(FINGERPRINT)).isEmpty();
        fresh.save(FINGERPRINT, new Content(50, 60));

        assertThatThrownBy(() -> fresh.start(FINGERPRINT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("training.checkpoint holds step 50 of 60")
                .hasMessageContaining("--resume")
                .hasMessageContaining("delete");
        assertThat(Checkpoints.in(folder, 9, true).start(FINGERPRINT))
                .map(Content::step)
                .contains(50);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> list = Files.list(file.getParent())) {
            return list.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
