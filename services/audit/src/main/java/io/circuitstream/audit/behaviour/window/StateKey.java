package io.circuitstream.audit.behaviour.window;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/** Where the states of scans, and that of all sources, stand in their store. */
final class StateKey {
    static final Bytes SOURCES = Bytes.wrap(new byte[] {0});
    private static final String SCAN = "\u0001";

    private StateKey() {}

    static Bytes of(String scan) {
        return Bytes.wrap((SCAN + scan).getBytes(StandardCharsets.UTF_8));
    }

    static boolean isSources(Bytes key) {
        return key.equals(SOURCES);
    }

    static String scan(Bytes key) {
        return new String(key.get(), StandardCharsets.UTF_8).substring(SCAN.length());
    }
}
