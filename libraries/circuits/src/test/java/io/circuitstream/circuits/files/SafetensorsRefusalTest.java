package io.circuitstream.circuits.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** reliability.md M1: a file that lies is refused by name, before anything large is allocated. */
class SafetensorsRefusalTest {
    /** Far below what any of the lies claims, far above what parsing a small header needs. */
    private static final long ALLOCATED_AT_MOST = 8 << 20;

    @TempDir
    Path folder;

    private Path file;

    /** Loading classes allocates too. */
    @BeforeAll
    static void warmUp(@TempDir Path folder) throws IOException {
        Path good = folder.resolve("good.safetensors");
        new SafetensorsWriter().tensor("w", new float[1], 1).write(good);
        Safetensors.open(good).readFloats("w");
    }

    @BeforeEach
    void name() {
        file = folder.resolve("broken.safetensors");
    }

    /** The work must end in a refusal with these words, and this thread must not have allocated much meanwhile. */
    private void assertRefused(ThrowingCallable work, String... words) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] allocated = new long[2];
        assertThatThrownBy(() -> {
                    allocated[0] = threads.getCurrentThreadAllocatedBytes();
                    try {
                        work.call();
                    } finally {
                        allocated[1] = threads.getCurrentThreadAllocatedBytes();
                    }
                })
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(words);
        assertThat(allocated[1] - allocated[0]).isLessThan(ALLOCATED_AT_MOST);
    }

    private void assertOpenRefused(String... words) {
        assertRefused(() -> Safetensors.open(file), words);
    }

    @Test
    void shouldNameTheFileWhenItIsMissing() {
        assertOpenRefused("no such file");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void shouldSayTruncatedWhenNotEvenTheLengthIsThere(int bytes) throws IOException {
        Files.write(file, new byte[bytes]);
        assertOpenRefused(bytes + " bytes", "truncated");
    }

    @ParameterizedTest
    @ValueSource(longs = {8L << 30, 0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE, 3})
    void shouldRefuseWhenTheHeaderLengthLies(long claimed) throws IOException {
        RawFile.write(file, claimed, "{}");
        assertOpenRefused("claims " + claimed + " bytes");
    }

    @Test
    void shouldRefuseAHugeHeaderEvenWhenTheFileIsAsLarge() throws IOException {
        try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(8L << 30)
                    .array());
            sparse.setLength(9L << 30);
        }
        assertOpenRefused("claims " + (8L << 30) + " bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "{\"w\": ", "[1, 2]", "null", "17", "  ", "\"a\""})
    void shouldRefuseWhenTheHeaderIsNotAJsonObject(String header) throws IOException {
        RawFile.write(file, header);
        assertOpenRefused("header");
    }

    @Test
    void shouldRefuseWhenTheHeaderIsNestedWithoutEnd() throws IOException {
        RawFile.write(file, "{\"w\":" + "[".repeat(100_000));
        assertOpenRefused("header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"w\": 3}", "{\"w\": {}}", "{\"w\": {\"dtype\": \"F32\", \"shape\": [1]}}"})
    void shouldNameTheTensorWhenItsEntryIsIncomplete(String header) throws IOException {
        RawFile.write(file, header, new byte[4]);
        assertOpenRefused("tensor w");
    }

    @ParameterizedTest
    @ValueSource(strings = {"F128", "", "f32", "bool"})
    void shouldListTheTypesWhenOneIsUnknown(String type) throws IOException {
        RawFile.write(file, RawFile.header(type, "[1]", "[0, 4]"), new byte[4]);
        assertOpenRefused("tensor w", "dtype " + type, "F32, F16, BF16, I32, I64");
    }

    /** Old checkpoints keep masks beside the weights: they must not be in the way of what is read. */
    @ParameterizedTest
    @CsvSource({"BOOL,1", "U8,1", "U64,8", "F8_E4M3,1"})
    void shouldOpenButRefuseToReadWhenATypeHoldsNoFloatsForUs(String type, int bytes) throws IOException {
        RawFile.write(file, RawFile.header(type, "[1]", "[0, " + bytes + "]"), new byte[bytes]);
        Safetensors opened = Safetensors.open(file);

        assertThatThrownBy(() -> opened.requireFloats("w", 1))
                .hasMessageContaining("tensor w is of type " + type + ", expected are F32, F16, BF16 or F64");
        assertThatThrownBy(() -> opened.readFloats("w")).hasMessageContaining("tensor w is of type " + type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[2];[0, 4]",
                "[1];[0, 8]",
                "[1, 1];[4, 0]",
                "[-1];[0, 4]",
                "[-1, -1];[0, 4]",
                "[-2, 2];[0, -16]",
                "[1];[-4, 0]",
                "[1];[9223372036854775804, -9223372036854775808]",
                "[1.5];[0, 4]",
                "['1'];[0, 4]",
                "[1];[0, 4.5]",
                "[18446744073709551617];[0, 4]",
                "[1];[0, 18446744073709551620]",
                "[4294967296, 4294967296];[0, 0]",
                "[4611686018427387905];[0, 4]",
                "[1];[0]",
                "[1];[0, 4, 8]",
                "1;[0, 4]"
            })
    void shouldNameTheTensorWhenShapeAndBytesCannotBeTrue(String shape, String offsets) throws IOException {
        RawFile.write(file, RawFile.header("F32", shape.replace('\'', '"'), offsets), new byte[8]);
        assertOpenRefused("tensor w");
    }

    @Test
    void shouldNameTheTensorWhenItEndsBehindTheFile() throws IOException {
        RawFile.write(file, RawFile.header("F32", "[2, 1000000000]", "[0, 8000000000]"), new byte[64]);
        assertOpenRefused("tensor w", "truncated");
    }

    @Test
    void shouldNameTheTensorWhenTwoOverlap() throws IOException {
        RawFile.write(file, """
                {"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                 "v": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}""", new byte[8]);
        assertOpenRefused("tensor v", "overlaps");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void shouldNameTheTensorWhenAWeightIsNotFinite(float bad) throws IOException {
        new SafetensorsWriter().tensor("w", new float[] {1, bad, 2}, 3).write(file);
        Safetensors open = Safetensors.open(file);
        assertRefused(() -> open.readFloats("w"), "tensor w", "NaN");
        assertRefused(() -> open.readRows("w", new int[] {1}), "tensor w", "NaN");
        assertThat(open.readRows("w", new int[] {0, 2})).containsExactly(1, 2);
    }

    @Test
    void shouldNameTheTensorWhenIntegersAreReadAsFloats() throws IOException {
        new SafetensorsWriter().ints("w", new int[4 << 20]).write(file);
        assertRefused(() -> Safetensors.open(file).readFloats("w"), "tensor w", "I32");
    }

    @Test
    void shouldNameTheTensorWhenFloatsAreReadAsIntegers() throws IOException {
        new SafetensorsWriter().tensor("w", new float[4 << 20], 4 << 20).write(file);
        assertRefused(() -> Safetensors.open(file).readInts("w"), "tensor w", "F32");
    }

    @Test
    void shouldNameTheTensorWhenALongDoesNotFitAnInt() throws IOException {
        new SafetensorsWriter().longs("w", new long[] {1L << 31}).write(file);
        assertRefused(() -> Safetensors.open(file).readInts("w"), "tensor w", "2147483648");
    }

    @Test
    void shouldSayBothShapesWhenATensorHasAnother() throws IOException {
        new SafetensorsWriter().tensor("w", new float[6], 2, 3).write(file);
        assertRefused(() -> Safetensors.open(file).readFloats("w", 3, 2), "tensor w", "[2, 3]", "[3, 2]");
    }

    @Test
    void shouldListWhatIsThereWhenATensorIsMissing() throws IOException {
        new SafetensorsWriter().tensor("w", new float[1], 1).write(file);
        assertRefused(() -> Safetensors.open(file).readFloats("v"), "tensor v", "[w]");
    }

    @Test
    void shouldRefuseRowsOfOtherTensorsWhenAnIndexIsOutOfBounds() throws IOException {
        new SafetensorsWriter()
                .tensor("a", new float[] {1, 2}, 2, 1)
                .tensor("b", new float[] {3, 4}, 2, 1)
                .write(file);
        Safetensors open = Safetensors.open(file);
        assertThatThrownBy(() -> open.readRows("a", new int[] {1, 2})).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> open.readRows("b", new int[] {-1})).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldSayThatTheFileBecameShorterWhenItIsCutWhileOpen() throws IOException {
        new SafetensorsWriter().tensor("w", new float[100], 100).write(file);
        Safetensors open = Safetensors.open(file);
        try (var cut = new java.io.RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(cut.length() - 4);
        }
        assertRefused(() -> open.readFloats("w"), "tensor w", "shorter");
    }
}
