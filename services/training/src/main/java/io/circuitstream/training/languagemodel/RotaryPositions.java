package io.circuitstream.training.languagemodel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Rotary positions: {@code x' = x ∘ cosine + (x · rotation) ∘ sine}, dimension i paired with i + headWidth/2.
 *
 * @param cosine {@code [length, headWidth]}
 * @param sine {@code [length, headWidth]}
 */
record RotaryPositions(NDArray cosine, NDArray sine) {

    static RotaryPositions of(NDManager manager, int length, int headWidth, double theta) {
        float[] cosine = new float[length * headWidth];
        float[] sine = new float[length * headWidth];
        int half = headWidth / 2;
        for (int position = 0; position < length; position++) {
            for (int i = 0; i < headWidth; i++) {
                double angle = position * Math.pow(theta, -(double) (i % half) / half);
                cosine[position * headWidth + i] = (float) Math.cos(angle);
                sine[position * headWidth + i] = (float) Math.sin(angle);
            }
        }
        Shape shape = new Shape(length, headWidth);
        return new RotaryPositions(
                manager.create(cosine, shape).duplicate(),
                manager.create(sine, shape).duplicate());
    }

    /** The matrix {@code R [headWidth, headWidth]} with {@code x R = (−second half of x, first half of x)}. */
    static float[] halfRotation(int headWidth) {
        float[] rotation = new float[headWidth * headWidth];
        int half = headWidth / 2;
        for (int i = 0; i < half; i++) {
            rotation[(i + half) * headWidth + i] = -1;
            rotation[i * headWidth + i + half] = 1;
        }
        return rotation;
    }
}
