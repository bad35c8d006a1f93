package io.circuitstream.description.files;

import io.circuitstream.description.state.FeatureCounts;
import io.circuitstream.events.FeatureDescription;

/**
 * A description's histogram, whose bins are an eighth of an octave, as front ends want it. Within a bin activations are taken to be
 * spread evenly.
 */
final class ActivationHistogram {
    private final FeatureDescription feature;

    ActivationHistogram(FeatureDescription feature) {
        this.feature = feature;
    }

    /** Activations in {@code count} equal bins from the smallest to the largest. */
    double[] equalBins(int count) {
        double[] bins = new double[count];
        double width = (feature.getActMax() - (double) feature.getActMin()) / count;
        for (int i = 0; i < size(); i++) {
            double from = start(i);
            double to = Math.max(end(i), Math.nextUp(from));
            for (int b = 0; b < count; b++) {
                double low = feature.getActMin() + b * width;
                double high = b == count - 1 ? Double.POSITIVE_INFINITY : low + width;
                double overlap = Math.min(to, high) - Math.max(from, b == 0 ? Double.NEGATIVE_INFINITY : low);
                if (overlap > 0) {
                    bins[b] += feature.getHistogramCount().get(i) * overlap / (to - from);
                }
            }
        }
        return bins;
    }

    /** Activations at the given shares of all, ascending shares from 0 to 1. */
    double[] quantiles(double... shares) {
        double[] values = new double[shares.length];
        long all = feature.getActiveTokens();
        int bin = 0;
        long below = 0;
        for (int q = 0; q < shares.length; q++) {
            double wanted = shares[q] * all;
            while (bin < size() - 1 && below + feature.getHistogramCount().get(bin) < wanted) {
                below += feature.getHistogramCount().get(bin++);
            }
            double part =
                    Math.min(1, (wanted - below) / feature.getHistogramCount().get(bin));
            values[q] = start(bin) + Math.max(0, part) * (end(bin) - start(bin));
        }
        return values;
    }

    private int size() {
        return feature.getHistogramBin().size();
    }

    private double start(int i) {
        return Math.max(
                feature.getActMin(),
                FeatureCounts.binStart(feature.getHistogramBin().get(i)));
    }

    private double end(int i) {
        return Math.min(
                feature.getActMax(),
                FeatureCounts.binStart(feature.getHistogramBin().get(i) + 1));
    }
}
