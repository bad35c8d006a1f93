package io.circuitstream.circuits.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {
    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int PACKED_SIZE = 20;
    private static final int UNPACKED_SIZE = 24;
    private static final int LOCAL_OFFSET = 42;

    @TempDir
    Path folder;

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] npy(String shape, float... values) {
        return RawNpz.npy(1, RawNpz.header("<f4", "False", shape), floats(values));
    }

    private Path write(RawNpz npz) throws IOException {
        return npz.write(folder.resolve("w.npz"));
    }

    private void assertRefused(byte[] npy, String... words) throws IOException {
        Path file = write(new RawNpz().stored("w", npy));
        assertThatThrownBy(() -> Npz.open(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll(file.toString(), "tensor w")
                .hasMessageContainingAll(words);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGiveTheValuesWhenStoredOrDeflated(boolean stored) throws IOException {
        float[] values = new float[6];
        for (int i = 0; i < 6; i++) {
            values[i] = i - 1.5f;
        }
        RawNpz npz = new RawNpz().stored("before", npy("(1,)", 9));
        byte[] array = npy("(3, 2)", values);
        Npz file = Npz.open(write(stored ? npz.stored("w", array) : npz.deflated("w", array)));

        assertThat(file.entries()).containsOnlyKeys("before", "w");
        assertThat(file.shape("w")).containsExactly(3, 2);
        assertThat(file.readFloats("w", 3, 2)).isEqualTo(values);
        assertThat(file.readPart("w", 1, 3)).containsExactly(-.5f, .5f, 1.5f);
        assertThat(file.readRows("w", new int[] {2, 0})).containsExactly(2.5f, 3.5f, -1.5f, -.5f);
        assertThat(file.readFloats("before")).containsExactly(9);
    }

    @Test
    void shouldConvertWhenTheTypeIsAnother() throws IOException {
        ByteBuffer doubles = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(.1)
                .putDouble(-3);
        ByteBuffer longs = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(-7)
                .putLong(1 << 30);
        Npz file = Npz.open(write(new RawNpz()
                .stored("h", RawNpz.npy(1, RawNpz.header("<f2", "False", "(2,)"), new byte[] {0, 0x3c, 0, (byte) 0xc0}))
                .stored("d", RawNpz.npy(2, RawNpz.header("<f8", "False", "(2,)"), doubles.array()))
                .stored("l", RawNpz.npy(3, RawNpz.header("<i8", "False", "(2L,)"), longs.array()))
                .stored("i", RawNpz.npy(1, RawNpz.header("<i4", "False", "()"), new byte[] {5, 0, 0, 0}))
                .stored("b", RawNpz.npy(1, RawNpz.header("|b1", "False", "(1,)"), (byte) 1))));

        assertThat(file.readFloats("h")).containsExactly(1, -2);
        assertThat(file.readFloats("d")).containsExactly(.1f, -3);
        assertThat(file.readInts("l")).containsExactly(-7, 1 << 30);
        assertThat(file.readInts("i")).containsExactly(5);
        assertThat(file.shape("i")).isEmpty();
        assertThatThrownBy(() -> file.readFloats("b")).hasMessageContaining("tensor b is of type BOOL");
    }

    @Test
    void shouldReadAtTheRowsPlaceWhenStored() throws IOException {
        Path file = write(new RawNpz().stored("w", npy("(3, 1)", 1, 2, 3)));
        Npz open = Npz.open(file);
        byte[] bytes = Files.readAllBytes(file);
        int second = (int) open.entries().get("w").begin() + 4;
        System.arraycopy(floats(Float.NaN), 0, bytes, second, 4);
        Files.write(file, bytes);

        assertThat(open.readRows("w", new int[] {0, 2})).containsExactly(1, 3);
        assertThatThrownBy(() -> open.readRows("w", new int[] {1})).hasMessageContainingAll("tensor w", "NaN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'descr': '<f4', 'fortran_order': True, 'shape': (1,), };Fortran order",
                "{'descr': '>f4', 'fortran_order': False, 'shape': (1,), };dtype >f4",
                "{'descr': '|V2', 'fortran_order': False, 'shape': (2,), };dtype |V2, known are [<f2, <f4, <f8",
                "{'descr': '|O', 'fortran_order': False, 'shape': (1,), };dtype |O",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), };header",
                "{'descr': '<f4', 'shape': (1,), };header",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1,);header",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), };header",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), };of shape [2] and type F32 cannot be 4 bytes",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), };of shape [1] and type F64 cannot be 4 bytes",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387905,), };absurd",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), };absurd",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), };absurd",
            })
    void shouldNameTheTensorWhenItsHeaderIsNotSupportedOrLies(String header, String words) throws IOException {
        assertRefused(RawNpz.npy(1, header, new byte[4]), words);
    }

    @Test
    void shouldNameTheTensorWhenItIsNoArray() throws IOException {
        assertRefused("hello, this is text".getBytes(java.nio.charset.StandardCharsets.UTF_8), "no .npy array");
        assertRefused(new byte[] {(byte) 0x93, 'N', 'U', 'M'}, "truncated");
        byte[] npy = npy("(1,)", 1);
        npy[6] = 9;
        assertRefused(npy, "no .npy array of version 1 to 3");
        byte[] claiming = RawNpz.npy(2, RawNpz.header("<f4", "False", "(1,)"), floats(1));
        ByteBuffer.wrap(claiming).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 1 << 30);
        assertRefused(claiming, "header of 1073741824 bytes");
    }

    @Test
    void shouldNameTheTensorWhenItWouldUnpackToTooMuch() throws IOException {
        byte[] bytes = new RawNpz().deflated("w", npy("(2,)", 1, 2)).bytes();
        patch(bytes, 0, UNPACKED_SIZE, (int) Npz.MAX_UNPACKED + 1);
        Path file = Files.write(folder.resolve("bomb.npz"), bytes);
        assertThatThrownBy(() -> Npz.open(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("bomb.npz", "tensor w", "268435457", "numpy.savez,");
    }

    /** It says 8 bytes of values in the zip and in the array, and unpacks to more or to fewer. */
    @ParameterizedTest
    @ValueSource(ints = {-4, 4000})
    void shouldNameTheTensorWhenItUnpacksToAnotherLength(int more) throws IOException {
        byte[] honest = npy("(2,)", 1, 2);
        byte[] bytes = new RawNpz()
                .deflated("w", Arrays.copyOf(honest, honest.length + more))
                .bytes();
        patch(bytes, 0, UNPACKED_SIZE, honest.length);
        Npz open = Npz.open(Files.write(folder.resolve("liar.npz"), bytes));
        assertThatThrownBy(() -> open.readFloats("w"))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("liar.npz", "tensor w", "unpack");
    }

    /** Zip and array agree on 2 GB, which the file does not have. */
    @Test
    void shouldSayTruncatedWhenAnArrayEndsBehindTheFile() throws IOException {
        byte[] npy = npy("(500000000,)", 1);
        byte[] bytes = new RawNpz().stored("w", npy).bytes();
        patch(bytes, 0, PACKED_SIZE, npy.length - 4 + 2_000_000_000);
        patch(bytes, 0, UNPACKED_SIZE, npy.length - 4 + 2_000_000_000);
        Path file = Files.write(folder.resolve("short.npz"), bytes);
        assertThatThrownBy(() -> Npz.open(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("short.npz", "truncated");
    }

    @Test
    void shouldNameTheTensorWhenTwoAreAtTheSamePlace() throws IOException {
        byte[] bytes = new RawNpz()
                .stored("a", npy("(1,)", 1))
                .stored("b", npy("(1,)", 2))
                .bytes();
        patch(bytes, 1, LOCAL_OFFSET, 0);
        Path file = Files.write(folder.resolve("overlap.npz"), bytes);
        assertThatThrownBy(() -> Npz.open(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContainingAll("overlap.npz", "tensor ", "overlaps");
    }

    private static void patch(byte[] bytes, int entry, int field, int value) {
        ByteBuffer zip = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = -1;
        for (int found = -1; found < entry; found++) {
            do {
                at++;
            } while (zip.getInt(at) != CENTRAL_HEADER);
        }
        zip.putInt(at + field, value);
    }

    @Test
    void shouldSayWhatIsWrongWhenThereIsNoSuchFileOrItIsNoZip() throws IOException {
        assertThatThrownBy(() -> Npz.open(folder.resolve("none.npz")))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("none.npz: no such file");
        Path text = Files.writeString(folder.resolve("text.npz"), "version https://git-lfs.github.com/spec/v1");
        assertThatThrownBy(() -> Npz.open(text))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("text.npz: is no .npz that can be read");
    }

    /** A file that is cut anywhere, or has bytes changed, is read or refused: nothing else. */
    @Test
    void shouldNameTheFileWhenItIsCutOrDamaged() throws IOException {
        byte[] whole = new RawNpz()
                .stored("w", npy("(2,)", 1, 2))
                .deflated("v", npy("(3,)", 1, 2, 3))
                .bytes();
        for (int length = 0; length < whole.length; length++) {
            Path file = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Npz.open(file))
                    .as("%d bytes", length)
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("cut.npz");
        }
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 4000; i++) {
            byte[] bytes = whole.clone();
            for (int j = 0; j <= i % 3; j++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            refused += isRefused(Files.write(folder.resolve("damaged.npz"), bytes)) ? 1 : 0;
        }
        assertThat(refused).isBetween(1000, 3999);
    }

    private static boolean isRefused(Path file) {
        try {
            Npz npz = Npz.open(file);
            for (String name : List.copyOf(npz.entries().keySet())) {
                npz.readFloats(name);
            }
            return false;
        } catch (ModelFileException e) {
            assertThat(e).hasMessageContaining("damaged.npz");
            return true;
        }
    }
}
