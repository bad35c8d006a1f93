package io.circuitstream.circuits.truth;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ranking named things: the AUROC of scores against a set of true names. */
final class Scores {
    /** Scores that differ by less are rounding of what is equal, nothing on most sites: how they rank would be chance. */
    private static final double EQUAL = 1e-6;

    private Scores() {}

    /** What is true but has no score ranks last. */
    static <T> double auroc(Map<T, Double> scores, Set<T> truth) {
        return auroc(scores, truth, null);
    }

    /** The same with random scores: what a measure that can fail gives to knowing nothing. */
    static <T> double chance(Map<T, Double> scores, Set<T> truth, Random random) {
        return auroc(scores, truth, random);
    }

    private static <T> double auroc(Map<T, Double> scores, Set<T> truth, @Nullable Random random) {
        Set<T> all = new LinkedHashSet<>(scores.keySet());
        all.addAll(truth);
        double[] score = new double[all.size()];
        boolean[] isTrue = new boolean[all.size()];
        int i = 0;
        for (T item : all) {
            score[i] = random == null ? Math.rint(scores.getOrDefault(item, 0.) / EQUAL) : random.nextDouble();
            isTrue[i++] = truth.contains(item);
        }
        return Auroc.of(score, isTrue);
    }
}
