package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The non-linearity of an MLP and its slope, element by element. */
public enum MlpActivation {
    SILU,
    /** x·Φ(x), exactly. */
    GELU,
    /** ½x(1 + tanh(√(2/π)(x + 0.044715x³))). */
    GELU_TANH,
    RELU;

    /** As Hugging Face's configurations name them. */
    private static final Map<String, MlpActivation> NAMES = new TreeMap<>(Map.of(
            "silu", SILU,
            "swish", SILU,
            "gelu", GELU,
            "gelu_new", GELU_TANH,
            "gelu_pytorch_tanh", GELU_TANH,
            "gelu_fast", GELU_TANH,
            "relu", RELU));

    private static final float ROOT_2_OVER_PI = (float) Math.sqrt(2 / Math.PI);
    private static final float ROOT_HALF = (float) Math.sqrt(.5);
    private static final float INVERSE_ROOT_2_PI = (float) (1 / Math.sqrt(2 * Math.PI));
    private static final float CUBIC = .044715f;

    static Optional<MlpActivation> named(String name) {
        return Optional.ofNullable(NAMES.get(name));
    }

    /** Every name that {@link #named} knows. */
    static Set<String> names() {
        return NAMES.keySet();
    }

    NDArray of(NDArray x) {
        return switch (this) {
            case SILU -> x.mul(sigmoid(x));
            case GELU -> x.mul(normal(x));
            case GELU_TANH -> x.mul(.5f).mul(inner(x).tanh().add(1));
            case RELU -> x.maximum(0);
        };
    }

    /** The derivative at x. */
    NDArray slope(NDArray x) {
        return switch (this) {
            case SILU -> {
                NDArray s = sigmoid(x);
                yield s.mul(x.mul(s.sub(1).neg()).add(1));
            }
            case GELU -> normal(x).add(x.square().mul(-.5f).exp().mul(x).mul(INVERSE_ROOT_2_PI));
            case GELU_TANH -> {
                NDArray tanh = inner(x).tanh();
                NDArray inner = x.square().mul(3 * CUBIC).add(1).mul(ROOT_2_OVER_PI);
                yield tanh.add(1)
                        .mul(.5f)
                        .add(x.mul(.5f).mul(tanh.square().sub(1).neg()).mul(inner));
            }
            case RELU -> x.gt(0).toType(x.getDataType(), false);
        };
    }

    private static NDArray sigmoid(NDArray x) {
        return x.getNDArrayInternal().sigmoid();
    }

    /** Φ(x), the standard normal distribution. */
    private static NDArray normal(NDArray x) {
        return x.mul(ROOT_HALF).erf().add(1).mul(.5f);
    }

    private static NDArray inner(NDArray x) {
        return x.square().mul(CUBIC).add(1).mul(x).mul(ROOT_2_OVER_PI);
    }
}
