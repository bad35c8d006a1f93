package io.circuitstream.platform.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Values that no reader can make sense of. */
final class Poison {
    private static final int HEADER = 5;

    private Poison() {}

    /** Empty, one byte, wrong magic, unknown schema, truncated, absurd sizes, noise, two megabytes. */
    static List<byte[]> values(byte[] good, Random random) {
        List<byte[]> values = new ArrayList<>();
        values.add(new byte[0]);
        values.add(new byte[] {0});
        byte[] magic = good.clone();
        magic[0] = 7;
        values.add(magic);
        byte[] unknown = good.clone();
        ByteBuffer.wrap(unknown).putInt(1, 999_999);
        values.add(unknown);
        values.add(Arrays.copyOf(good, good.length / 2));
        values.add(Arrays.copyOf(good, HEADER));
        byte[] absurd = good.clone();
        Arrays.fill(absurd, HEADER, Math.min(good.length, HEADER + 9), (byte) 0xff);
        values.add(absurd);
        byte[] noise = Arrays.copyOf(good, 2_000_000);
        byte[] random2 = new byte[noise.length - HEADER];
        random.nextBytes(random2);
        System.arraycopy(random2, 0, noise, HEADER, random2.length);
        values.add(noise);
        return values;
    }

    /** The value with up to eight bytes changed, cut off somewhere, or with bytes put in. */
    static byte[] damaged(byte[] good, Random random) {
        byte[] value =
                switch (random.nextInt(4)) {
                    case 0 -> Arrays.copyOf(good, random.nextInt(good.length));
                    case 1 -> Arrays.copyOf(good, good.length + 1 + random.nextInt(1_000));
                    default -> good.clone();
                };
        for (int i = random.nextInt(9); i > 0 && value.length > 0; i--) {
            value[random.nextInt(value.length)] = (byte) random.nextInt();
        }
        return value;
    }
}
