package io.circuitstream.training.checkpoint;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.reflect.RecordComponent;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that decides the weights a run ends at, by name; two runs with equal fingerprints end at the same bytes. */
public final class Fingerprint {
    private final SortedMap<String, String> settings = new TreeMap<>();

    /** Starts with the engine: its version and its threads decide how sums are rounded. */
    public Fingerprint() {
        with(
                "engine",
                Engine.getInstance().getEngineName() + " "
                        + Engine.getInstance().getVersion());
        with("threads", Integer.toString(JniUtils.getNumThreads()));
    }

    /** Adds a setting. @throws IllegalArgumentException if the name is taken */
    public Fingerprint with(String name, String value) {
        if (settings.putIfAbsent(name, value) != null) {
            throw new IllegalArgumentException("two settings are called " + name);
        }
        return this;
    }

    /** Adds every component of a public record by its own name, so that none is forgotten when one is added. */
    public Fingerprint with(Record plan) {
        try {
            for (RecordComponent component : plan.getClass().getRecordComponents()) {
                with(component.getName(), String.valueOf(component.getAccessor().invoke(plan)));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(plan.getClass() + " is no public record", e);
        }
        return this;
    }

    public SortedMap<String, String> settings() {
        return new TreeMap<>(settings);
    }
}
