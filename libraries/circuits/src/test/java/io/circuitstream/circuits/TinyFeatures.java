package io.circuitstream.circuits;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.io.IOException;
import java.nio.file.Path;

/** Everything that a model can be decomposed with, on random weights: what holds for one must hold for all. */
public enum TinyFeatures {
    CLT_JUMP_RELU(Kind.CROSS_LAYER, InputSite.RESID_MID, true, false),
    CLT_RELU(Kind.CROSS_LAYER, InputSite.MLP_IN, false, false),
    PLT_RELU(Kind.PER_LAYER, InputSite.RESID_MID, false, false),
    PLT_JUMP_RELU(Kind.PER_LAYER, InputSite.MLP_IN, true, false),
    CLT_SKIP_MID(Kind.CROSS_LAYER, InputSite.RESID_MID, true, true),
    CLT_SKIP_IN(Kind.CROSS_LAYER, InputSite.MLP_IN, false, true),
    PLT_SKIP_MID(Kind.PER_LAYER, InputSite.RESID_MID, false, true),
    PLT_SKIP_IN(Kind.PER_LAYER, InputSite.MLP_IN, true, true);

    private final Kind kind;
    private final InputSite site;
    private final boolean jump;
    private final boolean skip;

    TinyFeatures(Kind kind, InputSite site, boolean jump, boolean skip) {
        this.kind = kind;
        this.site = site;
        this.jump = jump;
        this.skip = skip;
    }

    /** Writes and loads them; the caller closes them before the model. */
    public Transcoder open(Path folder, LanguageModel model) throws IOException {
        int layers = model.config().layers();
        return TranscoderFiles.load(TinyModels.transcoder(
                folder.resolve(name()),
                kind,
                site,
                jump,
                skip,
                12,
                layers,
                model.config().width()));
    }
}
