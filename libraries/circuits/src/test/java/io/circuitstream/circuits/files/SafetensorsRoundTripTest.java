package io.circuitstream.circuits.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsRoundTripTest {
    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("w.safetensors");
    }

    private static float[] random(int n) {
        Random random = new Random(3);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void shouldReadWhatWasWrittenWhenTypesAndShapesAreMixed() throws IOException {
        float[] floats = random(300_000);
        int[] ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 7};
        long[] longs = {0, -1, Integer.MAX_VALUE, 12};
        new SafetensorsWriter()
                .ints("i", ints)
                .tensor("f", floats, 100, 3, 1000)
                .tensor("scalar", new float[] {-0f}, new long[0])
                .tensor("empty", new float[0], 0, 5)
                .longs("l", longs)
                .write(file);

        Safetensors read = Safetensors.open(file);

        assertThat(read.readFloats("f")).isEqualTo(floats);
        assertThat(read.shape("f")).containsExactly(100, 3, 1000);
        assertThat(read.readFloats("scalar")).containsExactly(-0f);
        assertThat(read.shape("scalar")).isEmpty();
        assertThat(read.readFloats("empty", 0, 5)).isEmpty();
        assertThat(read.readInts("i")).isEqualTo(ints);
        assertThat(read.readInts("l"))
                .isEqualTo(LongStream.of(longs).mapToInt(v -> (int) v).toArray());
        assertThat(read.entries()).containsOnlyKeys("i", "f", "scalar", "empty", "l");
        assertThat(read.has("f")).isTrue();
        assertThat(read.has("g")).isFalse();
    }

    @Test
    void shouldKeepMetadataWhenItHasSpecialCharacters() throws IOException {
        new SafetensorsWriter()
                .metadata("prompt", "say \"né\"\n\\ 漢字")
                .metadata("scan", "abc")
                .tensor("w", new float[1], 1)
                .write(file);
        Safetensors read = Safetensors.open(file);
        assertThat(read.metadata())
                .containsExactlyInAnyOrderEntriesOf(Map.of("prompt", "say \"né\"\n\\ 漢字", "scan", "abc"));
        assertThat(read.entries()).containsOnlyKeys("w");
    }

    @Test
    void shouldWriteTheSameBytesWhenTensorsAreAddedInAnotherOrder() throws IOException {
        Path other = folder.resolve("v.safetensors");
        new SafetensorsWriter()
                .tensor("a", random(3), 3)
                .ints("b", new int[] {1})
                .metadata("x", "1")
                .metadata("y", "2")
                .write(file);
        new SafetensorsWriter()
                .metadata("y", "2")
                .ints("b", new int[] {1})
                .metadata("x", "1")
                .tensor("a", random(3), 3)
                .write(other);
        assertThat(other).hasSameBinaryContentAs(file);
    }

    @Test
    void shouldAlignEveryTensorWhenWidthsAreMixed() throws IOException {
        new SafetensorsWriter()
                .ints("a", new int[] {1})
                .longs("b", new long[] {2})
                .tensor("c", random(1), 1)
                .write(file);
        Safetensors.open(file).entries().values().forEach(e -> assertThat(e.begin() % e.type().bytes)
                .isZero());
    }

    @Test
    void shouldLeaveNoPartialFileWhenWritten() throws IOException {
        new SafetensorsWriter().tensor("w", random(3), 3).write(file);
        try (var list = Files.list(folder)) {
            assertThat(list).containsExactly(file);
        }
    }

    @Test
    void shouldRefuseToCollectWhenShapeOrNameIsWrong() {
        SafetensorsWriter writer = new SafetensorsWriter().tensor("w", new float[2], 2);
        assertThatThrownBy(() -> writer.tensor("v", new float[2], 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor v has 2 values, its shape holds 3");
        assertThatThrownBy(() -> writer.ints("w", new int[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tensor w was already added");
    }

    @Test
    void shouldGiveTheRowsOfTheWholeWhenRowsAreUnorderedAndRepeated() throws IOException {
        float[] all = random(10 * 2 * 3);
        new SafetensorsWriter()
                .tensor("before", random(7), 7)
                .tensor("w", all, 10, 2, 3)
                .write(file);
        int[] rows = {3, 4, 5, 9, 0, 0, 9, 8, 7, 3};

        float[] read = Safetensors.open(file).readRows("w", rows);

        float[] expected = new float[rows.length * 6];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(all, rows[i] * 6, expected, i * 6, 6);
        }
        assertThat(read).isEqualTo(expected);
        assertThat(Safetensors.open(file).readRows("w", new int[0])).isEmpty();
    }

    @Test
    void shouldConvertHalvesWhenRowsAreRead() throws IOException {
        // 1, −2, the smallest subnormal, 65504 | 1, −2, 3
        short[] half = {0x3c00, (short) 0xc000, 0x0001, 0x7bff};
        short[] brain = {0x3f80, (short) 0xc000, 0x4040};
        ByteBuffer data = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
        for (short s : half) {
            data.putShort(s);
        }
        for (short s : brain) {
            data.putShort(s);
        }
        RawFile.write(file, """
                {"h": {"dtype": "F16", "shape": [4, 1], "data_offsets": [0, 8]},
                 "b": {"dtype": "BF16", "shape": [3], "data_offsets": [8, 14]}}""", data.array());
        Safetensors read = Safetensors.open(file);
        assertThat(read.readFloats("h")).containsExactly(1, -2, 0x1p-24f, 65504);
        assertThat(read.readRows("h", new int[] {3, 1, 2})).containsExactly(65504, -2, 0x1p-24f);
        assertThat(read.readFloats("b")).containsExactly(1, -2, 3);
    }

    @Test
    void shouldGiveTheIeeeValueWhenEveryHalfIsConverted() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 31;
            double mantissa = bits & 1023;
            double size = exponent == 0
                    ? mantissa * Math.pow(2, -24)
                    : exponent < 31
                            ? (1 + mantissa / 1024) * Math.pow(2, exponent - 15.0)
                            : mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            float expected = (float) (bits >> 15 == 0 ? size : -size);
            assertThat(Float.compare(Floats.halfToFloat((short) bits), expected))
                    .as("%04x", bits)
                    .isZero();
        }
    }

    @Test
    void shouldHashContentAndNamesButNotTheFolderWhenAFolderIsHashed() throws IOException {
        Path a = Files.createDirectory(folder.resolve("a"));
        Path b = Files.createDirectory(folder.resolve("b"));
        for (Path f : new Path[] {a, b}) {
            Files.writeString(f.resolve("x.bin"), "1");
            Files.writeString(f.resolve("y.bin"), "2");
        }
        Files.writeString(b.resolve("README.md"), "other");
        String hash = ContentHash.ofFolder(a, ".bin");
        assertThat(ContentHash.ofFolder(b, ".bin")).isEqualTo(hash).hasSize(64);
        Files.writeString(b.resolve("y.bin"), "3");
        assertThat(ContentHash.ofFolder(b, ".bin")).isNotEqualTo(hash);
        Files.writeString(b.resolve("y.bin"), "2");
        Files.move(b.resolve("y.bin"), b.resolve("z.bin"));
        assertThat(ContentHash.ofFolder(b, ".bin")).isNotEqualTo(hash);
    }

    /** A mapping would stay until the next garbage collection, and a process may have only 65,530. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldLeaveNothingMappedWhenRowsAreRead(@TempDir Path own) throws IOException {
        Path file = own.resolve("rows.safetensors");
        new SafetensorsWriter().tensor("w", new float[4096], 64, 64).write(file);
        Safetensors tensors = Safetensors.open(file);

        tensors.readFloats("w");
        tensors.readRows("w", new int[] {1, 5, 6, 63});

        assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(file.toString());
    }
}
