package io.circuitstream.training.transcoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectionTest {

    @Test
    void shouldYieldTheKthLargestWhenThereAreTies() {
        Random random = new Random(5);
        for (int trial = 0; trial < 500; trial++) {
            float[] values = new float[1 + random.nextInt(60)];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(20) - 10;
            }
            float[] sorted = values.clone();
            Arrays.sort(sorted);
            int k = 1 + random.nextInt(values.length);

            assertThat(Selection.largest(values, values.length, k))
                    .as("trial %d, k %d of %s", trial, k, Arrays.toString(sorted))
                    .isEqualTo(sorted[values.length - k]);
        }
    }

    @Test
    void shouldPreferTheLowerIndexWhenTokensTie() {
        TranscoderShape shape = new TranscoderShape(TranscoderKind.PLT, 1, 2, 5, false);
        Candidates candidates = new Candidates(shape, 1);

        candidates.largest(0, 0, new float[] {-1, 2, 2, 3, 2}, 3, new float[5]);

        assertThat(candidates.count(0, 0)).isEqualTo(3);
        assertThat(Arrays.copyOf(candidates.feature[0], 3)).containsExactly(1, 2, 3);
    }
}
