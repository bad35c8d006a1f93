package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;

/**
 * Rotary positions in Hugging Face's convention: the two halves of the rotated part of a head are the coordinates of the
 * pairs. Source: Su et al. 2021; the scalings as in transformers' modeling_rope_utils.
 *
 * @param theta base of the frequencies
 * @param width how much of a head is rotated, even; the rest stays as it is
 */
record Rotary(double theta, int width, Scaling scaling) {

    /** How frequencies are stretched beyond the length a model was trained on. */
    sealed interface Scaling {

        /** The frequency that takes the place of {@code frequency}, which is pair i's of a rotated width. */
        double of(double frequency, int i, int width, double theta);

        /** What cosines and sines are multiplied with. */
        default double attentionFactor() {
            return 1;
        }
    }

    /** Frequencies as they are. */
    record Unscaled() implements Scaling {
        @Override
        public double of(double frequency, int i, int width, double theta) {
            return frequency;
        }
    }

    /** Positions divided by a factor. */
    record Linear(double factor) implements Scaling {
        @Override
        public double of(double frequency, int i, int width, double theta) {
            return frequency / factor;
        }
    }

    /** Llama 3.1: slow frequencies divided, fast ones kept, those between interpolated. */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalPositions)
            implements Scaling {
        @Override
        public double of(double frequency, int i, int width, double theta) {
            double wavelength = 2 * Math.PI / frequency;
            if (wavelength > originalPositions / lowFrequencyFactor) {
                return frequency / factor;
            }
            if (wavelength < originalPositions / highFrequencyFactor) {
                return frequency;
            }
            double smooth =
                    (originalPositions / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
            return (1 - smooth) * frequency / factor + smooth * frequency;
        }
    }

    /** YaRN (Peng et al. 2023): a ramp over the pairs between division and none. */
    record Yarn(
            double factor,
            double attentionFactor,
            double fastRotations,
            double slowRotations,
            double originalPositions,
            boolean truncate)
            implements Scaling {
        @Override
        public double of(double frequency, int i, int width, double theta) {
            double low = pair(fastRotations, width, theta);
            double high = pair(slowRotations, width, theta);
            if (truncate) {
                low = Math.floor(low);
                high = Math.ceil(high);
            }
            low = Math.max(low, 0);
            high = Math.min(high, width - 1);
            double ramp = Math.max(0, Math.min(1, (i - low) / (high == low ? .001 : high - low)));
            return frequency / factor * ramp + frequency * (1 - ramp);
        }

        /** The pair that turns so often over the original length. */
        private double pair(double rotations, int width, double theta) {
            return width * Math.log(originalPositions / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
        }
    }

    /** Cosines and sines of consecutive positions, [n, width] each. */
    record Angles(NDArray cos, NDArray sin) {}

    /** Angles of positions from .. from + n − 1; StrictMath, so that every JDK gives the same bits. */
    Angles angles(NDManager m, int from, int n) {
        int half = width / 2;
        float[] cos = new float[n * width];
        float[] sin = new float[n * width];
        double factor = scaling.attentionFactor();
        for (int i = 0; i < half; i++) {
            double frequency = scaling.of(StrictMath.pow(theta, -(double) i / half), i, width, theta);
            for (int p = 0; p < n; p++) {
                double angle = (from + p) * frequency;
                cos[p * width + i] = (float) (StrictMath.cos(angle) * factor);
                sin[p * width + i] = (float) (StrictMath.sin(angle) * factor);
                cos[p * width + half + i] = cos[p * width + i];
                sin[p * width + half + i] = sin[p * width + i];
            }
        }
        return new Angles(Tensors.of(m, cos, n, width), Tensors.of(m, sin, n, width));
    }

    /** Turns heads [H,n,dh]. */
    NDArray turn(NDArray x, Angles angles) {
        long head = x.getShape().get(2);
        NDArray turned = head == width ? x : x.get(new NDIndex("...,0:" + width));
        NDArray first = x.get(new NDIndex("...,0:" + width / 2));
        NDArray second = x.get(new NDIndex("...," + width / 2 + ":" + width));
        turned = turned.mul(angles.cos()).add(second.neg().concat(first, 2).mul(angles.sin()));
        return head == width ? turned : turned.concat(x.get(new NDIndex("...," + width + ":")), 2);
    }

    /** The transpose of {@link #turn}: g of turned heads becomes g of the heads, [H,n,dh]. */
    NDArray turnBack(NDArray g, Angles angles) {
        long head = g.getShape().get(2);
        NDArray rotated = head == width ? g : g.get(new NDIndex("...,0:" + width));
        NDArray crossed = rotated.mul(angles.sin());
        NDArray first = crossed.get(new NDIndex("...,0:" + width / 2));
        NDArray second = crossed.get(new NDIndex("...," + width / 2 + ":" + width));
        NDArray back = rotated.mul(angles.cos()).add(second.concat(first.neg(), 2));
        return head == width ? back : back.concat(g.get(new NDIndex("...," + width + ":")), 2);
    }
}
