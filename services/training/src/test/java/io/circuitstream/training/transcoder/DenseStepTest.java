package io.circuitstream.training.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A comparison of speeds means nothing unless both do the same work. */
class DenseStepTest {
    private static final int TOKENS = 24;
    private static final double LAMBDA = .07;

    @Test
    void shouldHaveTheSparseStepsLossWhenWeightsAndTokensAreTheSame() {
        TranscoderShape shape = new TranscoderShape(TranscoderKind.CLT, 3, 8, 14, false);
        SparseTranscoder transcoder = new SparseTranscoder(shape, ActivationFunction.JUMP_RELU, .3, new Random(12));
        Minibatch batch = RandomSites.minibatch(shape, TOKENS, new Random(14));
        try (NDManager manager = NDManager.newBaseManager()) {
            DenseStep dense = new DenseStep(transcoder, manager);
            NDArray[] inputs = arrays(manager, batch.inputs);
            NDArray[] outputs = arrays(manager, batch.outputs);
            double sparse = new SparseStep(transcoder, manager, TOKENS, 9, 0)
                    .run(batch, LAMBDA)
                    .loss(LAMBDA);

            double first = dense.run(inputs, outputs, LAMBDA, 1e-2);
            double second = dense.run(inputs, outputs, LAMBDA, 1e-2);

            // Float32 sums over 24 tokens in another order.
            assertThat(first).isCloseTo(sparse, within(1e-5 * sparse));
            assertThat(second).as("after an update").isLessThan(first);
        }
    }

    private static NDArray[] arrays(NDManager manager, float[][][] rows) {
        return Stream.of(rows)
                .map(layer -> manager.create(Encoding.flat(layer), new Shape(TOKENS, layer[0].length))
                        .duplicate())
                .toArray(NDArray[]::new);
    }
}
