package io.circuitstream.attribution;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.Expansion;
import io.circuitstream.circuits.attribution.NoSuchTargetException;
import io.circuitstream.circuits.graph.AttributionGraph;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.Provenances;
import io.circuitstream.platform.stream.RequestException;
import io.circuitstream.platform.stream.Stage;
import io.circuitstream.platform.stream.StageProgressListener;
import io.circuitstream.platform.stream.StageProgressListener.Done;
import io.circuitstream.platform.topics.RecordLimits;

/**
 * Computes the attribution graph of an inference. The forward pass runs again from the token ids (it is cheap, its
 * state is large) and must find the same features. Thread-safe.
 */
public final class AttributionStage implements Stage<InferenceCompleted, io.circuitstream.events.AttributionGraph> {
    /** For targets, provenance and scores. */
    private static final long RESERVED_BYTES = 32 * 1024;

    private final TraceableModel traceable;
    private final int mostBytes;

    public AttributionStage(TraceableModel traceable) {
        this(traceable, RecordLimits.MAX_VALUE_BYTES);
    }

    /** @param mostBytes of an event; edges are left out to keep to it */
    AttributionStage(TraceableModel traceable, int mostBytes) {
        this.traceable = traceable;
        this.mostBytes = mostBytes;
    }

    @Override
    public io.circuitstream.events.AttributionGraph process(
            Received<InferenceCompleted> input, StageProgressListener progress) {
        InferenceCompleted inference = input.event();
        Provenances.requireSame(
                inference.getProvenance(),
                traceable.model().hash(),
                traceable.transcoder().scan());
        AttributionOptions options = options(input);
        int[] tokens =
                inference.getTokenIds().stream().mapToInt(Integer::intValue).toArray();
        try (LocalReplacementModel local = traceable.local(tokens)) {
            if (!local.features().digest().equals(inference.getFeaturesDigest())) {
                throw new RequestException("the forward pass found other features than the inference did, with the same"
                        + " model and transcoder: the two services round differently near a feature's threshold; run"
                        + " them with the same number of threads on the same kind of machine");
            }
            AttributionGraph graph = attribute(local, options, progress);
            return GraphWriter.write(graph, builder(input)).setStatus(Status.OK).build();
        }
    }

    /** A target that this model or prompt does not have is the request's mistake. */
    private static AttributionGraph attribute(
            LocalReplacementModel local, AttributionOptions options, StageProgressListener progress) {
        try {
            return Attributor.attribute(
                    local,
                    options,
                    done -> progress.advanced(
                            new Done(done.rows(), done.most(), done.work(), done.settledInfluence())));
        } catch (NoSuchTargetException e) {
            throw new RequestException("attribution settings: " + e.getMessage());
        }
    }

    @Override
    public io.circuitstream.events.AttributionGraph failed(Received<InferenceCompleted> input, String message) {
        return builder(input).setStatus(Status.FAILED).setMessage(message).build();
    }

    private io.circuitstream.events.AttributionGraph.Builder builder(Received<InferenceCompleted> input) {
        Provenance provenance = Provenances.next(input.event().getProvenance(), "inferences", input.sha256());
        provenance.setThreads(traceable.threads());
        return io.circuitstream.events.AttributionGraph.newBuilder()
                .setPromptId(input.event().getPromptId())
                .setRequest(input.event().getRequest())
                .setProvenance(provenance);
    }

    private AttributionOptions options(Received<InferenceCompleted> input) {
        AttributionSettings settings = input.event().getRequest().getAttribution();
        try {
            return new AttributionOptions(
                    settings.getMaxLogits(),
                    settings.getLogitProbability(),
                    TargetReader.read(settings, traceable.model().tokens()),
                    settings.getRowDrop(),
                    expansion(settings),
                    bytesForRows(input));
        } catch (IllegalArgumentException e) {
            throw new RequestException("attribution settings: " + e.getMessage());
        }
    }

    private static Expansion expansion(AttributionSettings settings) {
        Expansion.Mode mode =
                switch (settings.getExpansion()) {
                    case AUTOMATIC -> Expansion.Mode.AUTOMATIC;
                    case EXACT -> Expansion.Mode.EXACT;
                    case BOUNDED -> Expansion.Mode.BOUNDED;
                };
        int most = settings.getMaxFeatures() == 0 ? Expansion.ALL : settings.getMaxFeatures();
        return new Expansion(mode, settings.getEpsilon(), most);
    }

    /** What a record has room for beside what the inference has too: request, tokens and the features' columns. */
    private long bytesForRows(Received<InferenceCompleted> input) {
        long errorNorms = (long) Float.BYTES
                * traceable.model().config().layers()
                * input.event().getTokenIds().size();
        return Math.max(RESERVED_BYTES, mostBytes - input.bytes() - errorNorms - RESERVED_BYTES);
    }
}
