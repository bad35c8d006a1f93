package io.circuitstream.attribution;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A tiny model, and events as the inference service writes them for it. */
final class Inferences {
    static final int[] TOKENS = {1, 5, 9, 3, 17};

    private Inferences() {}

    static TraceableModel model(Path folder) throws IOException {
        return TraceableModel.load(
                TinyModels.llama(folder.resolve("tiny"), 11),
                TinyModels.transcoder(folder.resolve("clt"), Kind.CROSS_LAYER, InputSite.RESID_MID, true, 12),
                2);
    }

    static InferenceCompleted.Builder ok(TraceableModel model, AttributionSettings settings) {
        try (LocalReplacementModel local = model.local(TOKENS)) {
            return InferenceCompleted.newBuilder()
                    .setPromptId("p1")
                    .setStatus(Status.OK)
                    .setRequest(PromptSubmitted.newBuilder()
                            .setPromptId("p1")
                            .setTokenIds(Arrays.stream(TOKENS).boxed().toList())
                            .setAttribution(settings)
                            .build())
                    .setProvenance(Provenance.newBuilder()
                            .setModelName("tiny")
                            .setModelHash(model.model().hash())
                            .setScan(model.transcoder().scan())
                            .setThreads(1)
                            .build())
                    .setTokenIds(Arrays.stream(TOKENS).boxed().toList())
                    .setFeaturesDigest(local.features().digest());
        }
    }

    static InferenceCompleted.Builder ok(TraceableModel model) {
        return ok(model, AttributionSettings.newBuilder().build());
    }
}
