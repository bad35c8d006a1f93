package io.circuitstream.circuits;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** One tiny model and cross-layer transcoder for all tests of a class; neither is ever changed. */
public abstract class TinyTest {
    protected static final int[] PROMPT = {1, 5, 9, 3, 17, 22, 9, 30};
    protected static final AttributionOptions EXACT = new AttributionOptions(10, 0.95, List.of(), 0);

    @TempDir
    protected static Path shared;

    protected static LanguageModel model;
    protected static Transcoder transcoder;

    @BeforeAll
    static void load() throws IOException {
        model = LanguageModel.load(TinyModels.llama(shared.resolve("model"), 11));
        transcoder = TranscoderFiles.load(
                TinyModels.transcoder(shared.resolve("clt"), Kind.CROSS_LAYER, InputSite.RESID_MID, true, 12));
    }

    @AfterAll
    static void close() {
        transcoder.close();
        model.close();
    }

    protected static AttributionGraph graph(AttributionOptions options, int... prompt) {
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, prompt)) {
            return Attributor.attribute(local, options, RowProgress.NONE);
        }
    }
}
