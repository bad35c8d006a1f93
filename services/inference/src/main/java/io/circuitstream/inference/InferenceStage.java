package io.circuitstream.inference;

import io.circuitstream.circuits.attribution.LogitTargets;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.FullReplacement;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.events.Columns;
import io.circuitstream.events.EventSource;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.ReplacementAgreement;
import io.circuitstream.events.Status;
import io.circuitstream.events.TokenProbability;
import io.circuitstream.platform.provenance.CodeVersion;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.Stage;
import io.circuitstream.platform.stream.StageProgressListener;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Runs the model and its local replacement on a prompt. Thread-safe. */
public final class InferenceStage implements Stage<PromptSubmitted, InferenceCompleted> {
    private static final int TOP_LOGITS = 10;

    private final TraceableModel traceable;
    private final LanguageModel model;
    private final Transcoder transcoder;
    private final PromptReader reader;

    /** A stage for prompts of at most {@code maxTokens} tokens, BOS included. */
    public InferenceStage(TraceableModel traceable, int maxTokens) {
        this.traceable = traceable;
        this.model = traceable.model();
        this.transcoder = traceable.transcoder();
        this.reader = new PromptReader(model, maxTokens);
    }

    @Override
    public InferenceCompleted process(Received<PromptSubmitted> input, StageProgressListener progress) {
        PromptReader.Prompt prompt = reader.read(input.event());
        try (LocalReplacementModel local = traceable.local(prompt.ids());
                ForwardPass replaced = FullReplacement.run(model, transcoder, prompt.ids())) {
            return result(input)
                    .setStatus(Status.OK)
                    .setWarnings(prompt.warnings())
                    .setTokenIds(Arrays.stream(prompt.ids()).boxed().toList())
                    .setText(prompt.text())
                    .setTokenStart(Arrays.stream(prompt.starts()).boxed().toList())
                    .setTokenEnd(Arrays.stream(prompt.ends()).boxed().toList())
                    .setTokens(model.tokens().tokens(prompt.ids()))
                    .setTopLogits(topLogits(local.pass().logits(prompt.ids().length - 1)))
                    .setLayers(model.config().layers())
                    .setMaskedPositions(local.masked())
                    .setFeatureLayer(Columns.of(local.features().layer()))
                    .setFeaturePosition(Columns.of(local.features().position()))
                    .setFeatureIndex(Columns.of(local.features().index()))
                    .setFeatureActivation(Columns.of(local.features().activation()))
                    .setFeaturesDigest(local.features().digest())
                    .setErrorNorm(Columns.of(local.errorNorms()))
                    .setAgreement(agreement(local, replaced))
                    .build();
        }
    }

    @Override
    public InferenceCompleted failed(Received<PromptSubmitted> input, String message) {
        return result(input).setStatus(Status.FAILED).setMessage(message).build();
    }

    private InferenceCompleted.Builder result(Received<PromptSubmitted> input) {
        return InferenceCompleted.newBuilder()
                .setPromptId(input.event().getPromptId())
                .setRequest(input.event())
                .setProvenance(Provenance.newBuilder()
                        .setModelName(model.name())
                        .setModelHash(model.hash())
                        .setScan(transcoder.scan())
                        .setCodeVersion(CodeVersion.current().version())
                        .setThreads(traceable.threads())
                        .setSource(new EventSource("prompts", input.sha256()))
                        .build());
    }

    private List<TokenProbability> topLogits(float[] logits) {
        double[] p = LogitTargets.probabilities(logits);
        return Arrays.stream(LogitTargets.ranking(p, TOP_LOGITS))
                .mapToObj(id -> new TokenProbability(id, model.tokens().token(id), logits[id], (float) p[id]))
                .toList();
    }

    private ReplacementAgreement agreement(LocalReplacementModel local, ForwardPass replaced) {
        int last = local.positions() - 1;
        double[] p = LogitTargets.probabilities(local.pass().logits(last));
        double[] q = LogitTargets.probabilities(replaced.logits(last));
        int top = LogitTargets.ranking(q, 1)[0];
        double divergence = 0;
        for (int v = 0; v < p.length; v++) {
            divergence +=
                    p[v] == 0 ? 0 : p[v] * (StrictMath.log(p[v]) - StrictMath.log(Math.max(q[v], Double.MIN_NORMAL)));
        }
        return new ReplacementAgreement(
                top == LogitTargets.ranking(p, 1)[0],
                model.tokens().token(top),
                Math.max(0, divergence),
                IntStream.range(0, model.config().layers())
                        .mapToObj(local::normalisedMse)
                        .toList());
    }
}
