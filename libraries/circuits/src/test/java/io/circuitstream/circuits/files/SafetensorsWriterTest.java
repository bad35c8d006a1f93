package io.circuitstream.circuits.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    Path folder;

    @Test
    void shouldReadBackEveryTensorWhenWritten() throws IOException {
        // Given: one tensor longer than the writer's buffer, one scalar, one without elements
        float[] large = new float[300_001];
        Random random = new Random(1);
        for (int i = 0; i < large.length; i++) {
            large[i] = random.nextFloat() - .5f;
        }
        Path file = folder.resolve("some.safetensors");

        // When
        new SafetensorsWriter()
                .tensor("large", large, 1, large.length)
                .tensor("scalar", new float[] {Float.MIN_VALUE})
                .tensor("empty", new float[0], 0, 4)
                .metadata("format", "pt")
                .write(file);

        // Then
        Safetensors read = Safetensors.open(file);
        assertThat(read.entries().keySet()).containsExactlyInAnyOrder("large", "scalar", "empty");
        assertThat(read.readFloats("large")).isEqualTo(large);
        assertThat(read.shape("large")).containsExactly(1, large.length);
        assertThat(read.readFloats("scalar")).containsExactly(Float.MIN_VALUE);
        assertThat(read.shape("scalar")).isEmpty();
        assertThat(read.readFloats("empty")).isEmpty();
        assertThat(read.metadata()).containsEntry("format", "pt");
    }

    @Test
    void shouldWriteTheSameBytesWhenTensorsComeInAnotherOrder() throws IOException {
        float[] one = {1, 2, 3, 4};
        float[] two = {5, 6};
        Path first = folder.resolve("first.safetensors");
        Path second = folder.resolve("second.safetensors");

        new SafetensorsWriter()
                .metadata("a", "1")
                .metadata("b", "2")
                .tensor("one", one, 2, 2)
                .tensor("two", two, 2)
                .write(first);
        new SafetensorsWriter()
                .tensor("two", two, 2)
                .tensor("one", one, 2, 2)
                .metadata("b", "2")
                .metadata("a", "1")
                .write(second);

        assertThat(first).hasSameBinaryContentAs(second);
        long header = ByteBuffer.wrap(Files.readAllBytes(first))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertThat(header % 8).isZero();
        assertThat(Files.size(first)).isEqualTo(8 + header + (one.length + two.length) * 4L);
    }

    @Test
    void shouldRefuseTensorWhenShapeDoesNotHoldItsValues() {
        SafetensorsWriter writer = new SafetensorsWriter();

        assertThatThrownBy(() -> writer.tensor("w", new float[5], 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("w")
                .hasMessageContaining("5")
                .hasMessageContaining("6");
    }

    @Test
    void shouldRefuseTensorWhenNameIsTaken() {
        SafetensorsWriter writer = new SafetensorsWriter().tensor("w", new float[1], 1);

        assertThatThrownBy(() -> writer.tensor("w", new float[1], 1)).hasMessageContaining("already");
    }

    @Test
    void shouldLeaveNoPartialFileWhenWritten() throws IOException {
        Path file = folder.resolve("w.safetensors");

        new SafetensorsWriter().tensor("w", new float[1], 1).write(file);
        new SafetensorsWriter().tensor("w", new float[] {7}, 1).write(file);

        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assertThat(Safetensors.open(file).readFloats("w")).containsExactly(7);
    }
}
