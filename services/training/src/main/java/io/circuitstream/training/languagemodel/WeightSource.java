package io.circuitstream.training.languagemodel;

import java.util.Arrays;
import java.util.Random;

/** Where a model's weights come from, by Hugging Face tensor name, row-major. */
@FunctionalInterface
interface WeightSource {

    float[] read(String name);

    /**
     * Gaussian initial weights. The scales let signals pass through all layers at their size at the start: outputs into the
     * residual stream shrink by 1/√(2·layers), and the unembedding starts near zero so that the first loss is log V.
     */
    static WeightSource random(LlamaShape shape, Random random) {
        double residual = 1 / Math.sqrt(2.0 * shape.layers());
        double width = 1 / Math.sqrt(shape.width());
        return name -> {
            long[] size = shape.tensors().get(name);
            if (size == null) {
                throw new IllegalArgumentException("no tensor " + name + " in a model of shape " + shape);
            }
            if (size.length == 1) {
                return constant((int) size[0]);
            }
            double scale =
                    switch (name.substring(name.lastIndexOf('.', name.length() - ".weight".length() - 1) + 1)) {
                        case "embed_tokens.weight" -> .1;
                        case "lm_head.weight" -> .02;
                        case "o_proj.weight" -> width * residual;
                        case "gate_proj.weight", "up_proj.weight" -> .8 * width;
                        case "down_proj.weight" -> residual / Math.sqrt(shape.hidden());
                        default -> .7 * width;
                    };
            float[] values = new float[(int) LlamaShape.elements(size)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (scale * random.nextGaussian());
            }
            return values;
        };
    }

    private static float[] constant(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1f);
        return ones;
    }
}
