package io.circuitstream.circuits.files;

import io.circuitstream.circuits.files.TensorFile.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

/** A million values of 16 bits as floats. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class HalfPrecisionKernel {
    @Param({"F16", "BF16"})
    String type = "";

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(2_000_000).order(ByteOrder.LITTLE_ENDIAN);
    private final float[] floats = new float[1_000_000];

    @Setup
    public void draw() {
        byte[] drawn = new byte[bytes.capacity()];
        new Random(4).nextBytes(drawn);
        bytes.clear().put(drawn);
    }

    @Benchmark
    public float[] convert() {
        Floats.convert(ElementType.valueOf(type), bytes.clear(), floats, 0, floats.length);
        return floats;
    }
}
