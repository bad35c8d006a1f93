package io.circuitstream.circuits.files;

import io.circuitstream.circuits.files.TensorFile.ElementType;
import java.nio.ByteBuffer;

/** Float32 of the bytes of every float type that is read. */
final class Floats {
    private Floats() {}

    /** Converts the n values that are left in the buffer. */
    static void convert(ElementType type, ByteBuffer bytes, float[] to, int offset, int n) {
        switch (type) {
            case F32 -> bytes.asFloatBuffer().get(to, offset, n);
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    to[offset + i] = Float.intBitsToFloat(bytes.getShort() << 16);
                }
            }
            case F64 -> {
                for (int i = 0; i < n; i++) {
                    to[offset + i] = (float) bytes.getDouble();
                }
            }
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    to[offset + i] = halfToFloat(bytes.getShort());
                }
            }
            default -> throw new IllegalArgumentException(type + " holds no floats that we read");
        }
    }

    /** IEEE 754 binary16; Java 17 has no Float.float16ToFloat. */
    static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1f;
        int mantissa = half & 0x3ff;
        if (exponent == 0) {
            return Math.copySign(mantissa * 0x1p-24f, sign == 0 ? 1f : -1f);
        }
        int bits = exponent == 31 ? 0x7f800000 | mantissa << 13 : (exponent + 112) << 23 | mantissa << 13;
        return Float.intBitsToFloat(sign | bits);
    }
}
