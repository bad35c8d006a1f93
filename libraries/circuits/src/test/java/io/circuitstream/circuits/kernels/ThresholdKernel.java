package io.circuitstream.circuits.kernels;

import io.circuitstream.circuits.pruning.Thresholds;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The cut of log-normal scores. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ThresholdKernel {
    @Param({"10000", "1000000"})
    int scores;

    private double[] score = {};

    @Setup
    public void draw() {
        Random random = new Random(2);
        score = random.doubles(scores)
                .map(v -> Math.exp(3 * random.nextGaussian()))
                .toArray();
    }

    @Benchmark
    public double cut() {
        return Thresholds.cut(score, .98);
    }
}
