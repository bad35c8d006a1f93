package io.circuitstream.circuits;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Map;

/** How many native arrays this process holds: those of DJL's root manager and of every manager below it. */
public final class LiveArrays {
    private LiveArrays() {}

    public static int count() {
        try (NDManager any = NDManager.newBaseManager()) {
            NDManager root = any;
            while (root.getParentManager() != null && root.getParentManager() != root) {
                root = root.getParentManager();
            }
            return count(root);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("DJL keeps its arrays elsewhere now", e);
        }
    }

    private static int count(NDManager manager) throws ReflectiveOperationException {
        Field resources = BaseNDManager.class.getDeclaredField("resources");
        resources.setAccessible(true);
        int n = 0;
        for (Object resource : ((Map<?, ?>) resources.get(manager)).values()) {
            n += resource instanceof NDManager below ? count(below) : resource instanceof NDArray ? 1 : 0;
        }
        return n;
    }
}
