package io.circuitstream.circuits;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Neurons;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.io.IOException;
import java.nio.file.Path;

/** Everything that a model can be decomposed with, on random weights: what holds for one must hold for all. */
public enum TinyFeatures {
    CLT_JUMP_RELU(Kind.CROSS_LAYER, InputSite.RESID_MID, true, false, 0),
    CLT_RELU(Kind.CROSS_LAYER, InputSite.MLP_IN, false, false, 0),
    PLT_RELU(Kind.PER_LAYER, InputSite.RESID_MID, false, false, 0),
    PLT_JUMP_RELU(Kind.PER_LAYER, InputSite.MLP_IN, true, false, 0),
    CLT_SKIP_MID(Kind.CROSS_LAYER, InputSite.RESID_MID, true, true, 0),
    CLT_SKIP_IN(Kind.CROSS_LAYER, InputSite.MLP_IN, false, true, 0),
    PLT_SKIP_MID(Kind.PER_LAYER, InputSite.RESID_MID, false, true, 0),
    PLT_SKIP_IN(Kind.PER_LAYER, InputSite.MLP_IN, true, true, 0),
    CLT_TOP_K(Kind.CROSS_LAYER, InputSite.MLP_IN, false, false, 9),
    PLT_TOP_K(Kind.PER_LAYER, InputSite.RESID_MID, false, true, 20),
    /** About half of the units are above the threshold. */
    NEURONS(Kind.PER_LAYER, InputSite.MLP_IN, false, false, 0);

    private static final float NEURON_THRESHOLD = .2f;

    private final Kind kind;
    private final InputSite site;
    private final boolean jump;
    private final boolean skip;
    private final int k;

    TinyFeatures(Kind kind, InputSite site, boolean jump, boolean skip, int k) {
        this.kind = kind;
        this.site = site;
        this.jump = jump;
        this.skip = skip;
        this.k = k;
    }

    /** Writes and loads them; the caller closes them before the model. */
    public Transcoder open(Path folder, LanguageModel model) throws IOException {
        if (this == NEURONS) {
            return new Neurons(model, NEURON_THRESHOLD);
        }
        int layers = model.config().layers();
        return TranscoderFiles.load(TinyModels.transcoder(
                folder.resolve(name()),
                kind,
                site,
                jump,
                skip,
                k,
                12,
                layers,
                model.config().width()));
    }
}
