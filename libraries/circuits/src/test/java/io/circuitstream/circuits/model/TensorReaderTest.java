package io.circuitstream.circuits.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.circuits.files.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorReaderTest {
    private static final int ROWS = 7;
    private static final int COLUMNS = 5;

    @TempDir
    Path folder;

    private Safetensors file(float[] values) throws IOException {
        Path file = folder.resolve("w.safetensors");
        new SafetensorsWriter()
                .tensor("before", new float[] {9}, 1)
                .tensor("w", values, ROWS, COLUMNS)
                .write(file);
        return Safetensors.open(file);
    }

    private static float[] random() {
        Random random = new Random(4);
        float[] values = new float[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    /** Pieces that divide the tensor, that do not, that are shorter than a row, and that are longer than everything. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 12, 34, 35, 36, 1000})
    void shouldGiveTheWholeWhenReadInPieces(int piece) throws IOException {
        float[] values = random();
        float[] transposed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            transposed[i % COLUMNS * ROWS + i / COLUMNS] = values[i];
        }
        Safetensors file = file(values);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray read = TensorReader.read(manager, piece, file, "w", ROWS, COLUMNS);
            NDArray turned = TensorReader.readTransposed(manager, piece, file, "w", ROWS, COLUMNS);
            assertThat(read.toFloatArray()).isEqualTo(values);
            assertThat(turned.toFloatArray()).isEqualTo(transposed);
            assertThat(turned.getShape().getShape()).containsExactly(COLUMNS, ROWS);
            assertThat(manager.getManagedArrays()).hasSize(2);
        }
    }

    @Test
    void shouldAllocateNothingWhenTheShapeIsAnother() throws IOException {
        Safetensors file = file(random());
        int before = LiveArrays.count();
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThatThrownBy(() -> TensorReader.read(manager, file, "w", COLUMNS, ROWS))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContainingAll("tensor w", "[7, 5]", "[5, 7]");
            assertThatThrownBy(() -> TensorReader.readTransposed(manager, file, "w", ROWS, ROWS))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("tensor w");
            assertThat(LiveArrays.count()).isEqualTo(before);
        }
    }
}
