package io.circuitstream.circuits.attribution;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Where a row of 10,000 log-normal sizes is cut off, a copy of the row included, since the cut reorders it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class RowCutKernel {
    private final float[] sizes = new float[10_000];
    private double budget;

    @Setup
    public void draw() {
        Random random = new Random(3);
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = (float) Math.exp(2 * random.nextGaussian());
            budget += sizes[i] / 1000;
        }
    }

    @Benchmark
    public float cut() {
        return RowCut.cut(sizes.clone(), sizes.length, budget);
    }
}
