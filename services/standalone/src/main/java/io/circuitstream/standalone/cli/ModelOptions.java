package io.circuitstream.standalone.cli;

import io.circuitstream.platform.settings.ModelSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model and transcoder to load, and with how many threads. */
final class ModelOptions {
    @Option(names = "--model", paramLabel = "DIR", description = "Hugging Face folder (default: the shipped tiny-ten)")
    @Nullable
    Path model;

    @Option(
            names = "--transcoder",
            paramLabel = "DIR",
            description = "transcoder folder (default: the model folder's clt)")
    @Nullable
    Path transcoder;

    @Option(names = "--threads", paramLabel = "N", description = "threads of a tensor operation (default: 1)")
    @Nullable
    Integer threads;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "longest prompt in tokens (default: ${DEFAULT-VALUE})",
            defaultValue = "64")
    int maxTokens;

    Path model() {
        return model == null ? Home.model() : model;
    }

    Path transcoder() {
        return transcoder == null ? model().resolve("clt") : transcoder;
    }

    int threads() {
        return threads == null
                ? Integer.parseInt(ModelSettings.TENSOR_THREADS.defaultText().orElseThrow())
                : threads;
    }

    boolean given() {
        return model != null || transcoder != null || threads != null;
    }
}
