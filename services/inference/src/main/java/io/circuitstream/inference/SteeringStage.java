package io.circuitstream.inference;

import io.circuitstream.circuits.attribution.LogitTargets;
import io.circuitstream.circuits.generation.Generator;
import io.circuitstream.circuits.generation.Generator.Step;
import io.circuitstream.circuits.generation.Steering;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Divergence;
import io.circuitstream.circuits.intervention.Intervention;
import io.circuitstream.circuits.intervention.InterventionException;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.EventSource;
import io.circuitstream.events.GeneratedToken;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.events.TokenProbability;
import io.circuitstream.platform.provenance.CodeVersion;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.RequestException;
import io.circuitstream.platform.stream.Stage;
import io.circuitstream.platform.stream.StageProgressListener;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a prompt clean and with features held at other values. Thread-safe. */
public final class SteeringStage implements Stage<SteeringRequested, SteeringCompleted> {
    private static final int MOST_TOP = 1000;

    private final TraceableModel traceable;
    private final PromptReader reader;
    private final int maxTokens;

    /** A stage for prompts of at most {@code maxTokens} tokens, BOS included, and as many new ones. */
    public SteeringStage(TraceableModel traceable, int maxTokens) {
        this.traceable = traceable;
        this.reader = new PromptReader(traceable.model(), maxTokens);
        this.maxTokens = maxTokens;
    }

    @Override
    public SteeringCompleted process(Received<SteeringRequested> input, StageProgressListener progress) {
        SteeringRequested request = input.event();
        requireRange("topTokens", request.getTopTokens(), 1, MOST_TOP);
        requireRange("newTokens", request.getNewTokens(), 0, maxTokens);
        int[] ids = reader.read(request.getPrompt()).ids();
        try (LocalReplacementModel local = traceable.local(ids)) {
            Mode mode = HeldFeatures.mode(request, traceable.model().config().layers());
            List<Intervention> held = HeldFeatures.of(request, local.masked(), local.positions());
            Layers layers = request.getOwnLayerOnly() ? Layers.OWN : Layers.ALL_WRITTEN;
            float[] clean = local.pass().logits(ids.length - 1);
            float[] steered = new Interventions(local).logits(held, mode, layers);
            SteeringCompleted.Builder result = builder(input)
                    .setStatus(Status.OK)
                    .setTokenIds(Arrays.stream(ids).boxed().toList())
                    .setTokens(tokens().tokens(ids))
                    .setCleanTop(top(clean, request.getTopTokens()))
                    .setSteeredTop(top(steered, request.getTopTokens()))
                    .setDivergence(Divergence.of(clean, steered));
            if (mode.equals(Mode.MODEL) && request.getNewTokens() > 0) {
                Steering steering = new Steering(traceable.model(), traceable.transcoder(), held, layers);
                result.setCleanContinuation(continuation(ids, request.getNewTokens(), null))
                        .setSteeredContinuation(continuation(ids, request.getNewTokens(), steering));
            }
            return result.build();
        } catch (InterventionException e) {
            throw new RequestException("steering: " + e.getMessage());
        }
    }

    @Override
    public SteeringCompleted failed(Received<SteeringRequested> input, String message) {
        return builder(input).setStatus(Status.FAILED).setMessage(message).build();
    }

    private SteeringCompleted.Builder builder(Received<SteeringRequested> input) {
        return SteeringCompleted.newBuilder()
                .setRequestId(input.event().getRequestId())
                .setRequest(input.event())
                .setProvenance(Provenance.newBuilder()
                        .setModelName(traceable.model().name())
                        .setModelHash(traceable.model().hash())
                        .setScan(traceable.transcoder().scan())
                        .setCodeVersion(CodeVersion.current().version())
                        .setThreads(traceable.threads())
                        .setSource(new EventSource("steerings", input.sha256()))
                        .build());
    }

    private Tokens tokens() {
        return traceable.model().tokens();
    }

    private List<TokenProbability> top(float[] logits, int most) {
        double[] p = LogitTargets.probabilities(logits);
        return Arrays.stream(LogitTargets.ranking(p, most))
                .mapToObj(id -> new TokenProbability(id, tokens().token(id), logits[id], (float) p[id]))
                .toList();
    }

    private List<GeneratedToken> continuation(int[] prompt, int most, @Nullable Steering steering) {
        List<Step> steps = Generator.generate(traceable.model(), prompt, most, tokens().stops(), steering);
        return steps.stream()
                .map(step ->
                        new GeneratedToken(step.tokenId(), tokens().token(step.tokenId()), (float) step.probability()))
                .toList();
    }

    private static void requireRange(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new RequestException("steering: " + what + " is " + value + ", must be " + least + " to " + most);
        }
    }
}
