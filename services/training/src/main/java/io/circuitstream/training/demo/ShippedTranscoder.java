package io.circuitstream.training.demo;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.training.Progress;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.evaluation.EvaluationFigures;
import io.circuitstream.training.evaluation.TranscoderMeasurement;
import io.circuitstream.training.transcoder.TranscoderKind;
import io.circuitstream.training.transcoder.TranscoderPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The transcoders in the folder that ships. */
enum ShippedTranscoder {
    CLT(TranscoderKind.CLT, "cross-layer", "each writing to its own and all later layers"),
    PLT(TranscoderKind.PLT, "per-layer", "each writing to its own layer");

    /** Training tokens, for both. */
    static final int TOKENS = 200_000;

    private static final int FEATURES = 1024;
    private static final int STEPS = 5000;
    private static final double TARGET_L0 = 56;

    private final TranscoderKind kind;
    private final String adjective;
    private final String writes;

    ShippedTranscoder(TranscoderKind kind, String adjective, String writes) {
        this.kind = kind;
        this.adjective = adjective;
        this.writes = writes;
    }

    /** Its folder's name. */
    String id() {
        return kind.id();
    }

    String adjective() {
        return adjective;
    }

    /** Where its features write, for the card. */
    String writes() {
        return writes;
    }

    Path in(Path modelFolder) {
        return modelFolder.resolve(id());
    }

    TranscoderPlan plan(long seed) {
        return TranscoderPlan.standard(kind, STEPS, FEATURES, seed)
                .withTargetL0(TARGET_L0)
                .withTokens(TOKENS, 1024);
    }

    /** Its figures on documents, an attribution graph of each included. */
    EvaluationFigures measure(
            LanguageModel model, Path modelFolder, List<Document> documents, Consumer<Progress> progress) {
        try (Transcoder transcoder = TranscoderFiles.load(in(modelFolder))) {
            long parameters =
                    plan(0).parameters(model.config().layers(), model.config().width());
            return new TranscoderMeasurement(
                            model,
                            transcoder,
                            parameters,
                            TranscoderMeasurement.Settings.of(DemoFolder.MEASURED_PROMPTS))
                    .measure(
                            documents,
                            measured -> progress.accept(Progress.of(
                                    "measure-" + id(), measured.done(), measured.total(), measured.secondsLeft())));
        }
    }
}
