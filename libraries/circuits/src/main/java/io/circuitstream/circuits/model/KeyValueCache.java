package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of every layer for the tokens that went through the model, so that the next ones need not repeat them.
 * Grows by every pass it is given to; holds native memory until closed. Thread-confined.
 */
public final class KeyValueCache implements AutoCloseable {
    private final NDManager manager;
    private final @Nullable NDArray[] keys;
    private final @Nullable NDArray[] values;
    private int length;

    public KeyValueCache(LanguageModel model) {
        this.manager = model.manager().newSubManager();
        this.keys = new @Nullable NDArray[model.config().layers()];
        this.values = new @Nullable NDArray[model.config().layers()];
    }

    /** Tokens that went through. */
    public int length() {
        return length;
    }

    void advance(int tokens) {
        length += tokens;
    }

    /** Keys [H,length + n,dh] of a layer, with those of n new positions at the end. */
    NDArray keys(int layer, NDArray added) {
        return grown(keys, layer, added);
    }

    /** Values [H,length + n,dh] of a layer, with those of n new positions at the end. */
    NDArray values(int layer, NDArray added) {
        return grown(values, layer, added);
    }

    private NDArray grown(@Nullable NDArray[] all, int layer, NDArray added) {
        NDArray before = all[layer];
        NDArray after = Tensors.keep(manager, before == null ? added.duplicate() : before.concat(added, 1));
        if (before != null) {
            before.close();
        }
        all[layer] = after;
        return after;
    }

    @Override
    public void close() {
        manager.close();
    }
}
