package io.circuitstream.standalone.bench;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What this process holds.
 *
 * @param resident bytes in memory; only Linux says
 * @param heap bytes of Java objects that a collection leaves
 * @param arrays native arrays of the tensor library
 */
record Footprint(OptionalLong resident, long heap, int arrays) {
    private static final Path STATUS = Path.of("/proc/self/status");

    /** After a collection. */
    static Footprint now() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new Footprint(residentBytes(), runtime.totalMemory() - runtime.freeMemory(), liveArrays());
    }

    private static OptionalLong residentBytes() {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of DJL's root manager and of every manager below it. */
    private static int liveArrays() {
        try (NDManager any = NDManager.newBaseManager()) {
            NDManager root = any;
            while (root.getParentManager() != null && root.getParentManager() != root) {
                root = root.getParentManager();
            }
            return liveArrays(root);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("DJL keeps its arrays elsewhere now", e);
        }
    }

    private static int liveArrays(NDManager manager) throws ReflectiveOperationException {
        Field resources = BaseNDManager.class.getDeclaredField("resources");
        resources.setAccessible(true);
        int n = 0;
        for (Object resource : ((Map<?, ?>) resources.get(manager)).values()) {
            n += resource instanceof NDManager below ? liveArrays(below) : resource instanceof NDArray ? 1 : 0;
        }
        return n;
    }
}
