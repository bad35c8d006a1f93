package io.circuitstream.platform.settings;

import java.nio.file.Path;
import java.util.List;

/** The settings of the services that run the model. */
public final class ModelSettings {

    public static final Setting<Path> MODEL =
            Setting.path("circuitstream.model", "Hugging Face folder of the language model.");

    public static final Setting<Path> TRANSCODER = Setting.path(
            "circuitstream.transcoder", "Folder of the transcoder, in circuit-tracer's layout; must fit the model.");

    public static final Setting<Integer> TENSOR_THREADS = Setting.integer(
                    "circuitstream.tensor.threads",
                    1,
                    1024,
                    "Threads of a tensor operation. Results are the same to the bit for the same number. One is fastest for"
                            + " small models; large matrix products gain from more.")
            .withDefault("1");

    private static final List<Setting<?>> ALL = List.of(MODEL, TRANSCODER, TENSOR_THREADS);

    private ModelSettings() {}

    public static List<Setting<?>> all() {
        return ALL;
    }
}
