package io.circuitstream.training.transcoder;

import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderWriter;
import io.circuitstream.circuits.transcoder.TranscoderWriter.LayerWeights;
import io.circuitstream.training.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a run of the trainer yields. */
public final class TranscoderResult {
    private final SparseTranscoder transcoder;
    private final InputSite site;
    private final TranscoderPlan plan;
    private final TranscoderSites sites;
    private final TrainingRun run;

    TranscoderResult(
            SparseTranscoder transcoder, InputSite site, TranscoderPlan plan, TranscoderSites sites, TrainingRun run) {
        this.transcoder = transcoder;
        this.site = site;
        this.plan = plan;
        this.sites = sites;
        this.run = run;
    }

    /**
     * Writes it as a folder in circuit-tracer's layout, normalisation folded into the weights.
     *
     * @param modelName the name of the model it was trained on
     * @param scan the name that circuit-tracer shows
     */
    public void write(Path folder, String modelName, String scan) throws IOException {
        Transcoder.Kind kind =
                transcoder.shape.kind() == TranscoderKind.PLT ? Transcoder.Kind.PER_LAYER : Transcoder.Kind.CROSS_LAYER;
        List<LayerWeights> layers = FoldedWeights.of(transcoder, sites);
        if (plan.activation() == ActivationFunction.TOP_K) {
            int k = Encoding.perLayer(plan.targetL0(), layers.size());
            TranscoderWriter.writeTopK(folder, kind, site, modelName, scan, k, layers);
        } else {
            TranscoderWriter.write(folder, kind, site, modelName, scan, layers);
        }
    }

    /** How the training went. */
    public TrainingRun run() {
        return run;
    }

    /** Number of trained weights, thresholds included; an incremental transcoder's shared decoders count once. */
    public long parameters() {
        return plan.parameters(transcoder.shape.layers(), transcoder.shape.width());
    }
}
