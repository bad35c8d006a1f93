package io.circuitstream.validation;

import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.replacement.FullReplacement;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.validation.AblationPlan;
import io.circuitstream.circuits.validation.Claims.Ground;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.FeatureTarget;
import io.circuitstream.events.LogitTarget;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.TrustVerdict;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.events.ValidationSettings;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.platform.stream.Provenances;
import io.circuitstream.platform.stream.RequestException;
import io.circuitstream.platform.stream.Stage;
import io.circuitstream.platform.stream.StageProgressListener;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Tests a circuit's claims by interventions on the model. Thread-safe. */
public final class ValidationStage implements Stage<Circuit, ValidationReport> {
    private static final int MOST_CONTROLS = 100;
    private static final int MOST_FEATURES = 10_000;

    private final TraceableModel traceable;

    public ValidationStage(TraceableModel traceable) {
        this.traceable = traceable;
    }

    @Override
    public ValidationReport process(Received<Circuit> input, StageProgressListener progress) {
        Circuit circuit = input.event();
        ValidationSettings settings = circuit.getRequest().getValidation();
        if (!settings.getEnabled()) {
            return builder(input)
                    .setStatus(Status.OK)
                    .setVerdict(TrustVerdict.UNTESTED)
                    .build();
        }
        requireRange("maxFeatures", settings.getMaxFeatures(), MOST_FEATURES);
        requireRange("controls", settings.getControls(), MOST_CONTROLS);
        requireRange("targetsPerFeature", settings.getTargetsPerFeature(), MOST_FEATURES);
        requireRange("number of factors", settings.getFactors().size(), MOST_CONTROLS);
        for (float factor : settings.getFactors()) {
            if (!Float.isFinite(factor)) {
                throw new RequestException("validation settings: a factor is " + factor + ", must be a number");
            }
        }
        Provenances.requireSame(
                circuit.getProvenance(),
                traceable.model().hash(),
                traceable.transcoder().scan());
        int[] tokens =
                circuit.getTokenIds().stream().mapToInt(Integer::intValue).toArray();
        try (LocalReplacementModel local = traceable.local(tokens)) {
            CircuitTrial trial = new CircuitTrial(
                    circuit, local, readout(circuit.getTargets().get(0)));
            trial.run(settings.getMaxFeatures(), plan(settings, circuit.getPromptId()), progress::advanced);
            ValidationReport.Builder report =
                    builder(input).setStatus(Status.OK).setErrorShare(1 - circuit.getReplacementScore());
            new ReportWriter(trial, trial.claims(settings.getTargetsPerFeature()))
                    .write(new Ground(circuit.getCircuitCompletenessScore(), replacementAgrees(local)), report);
            return report.build();
        }
    }

    private static AblationPlan plan(ValidationSettings settings, String promptId) {
        return new AblationPlan(
                settings.getControls(), settings.getFactors(), settings.getConstrained(), seed(promptId));
    }

    private static boolean replacementAgrees(LocalReplacementModel local) {
        int last = local.positions() - 1;
        try (ForwardPass replaced = FullReplacement.run(
                local.model(), local.transcoder(), local.pass().tokens())) {
            return top(replaced.logits(last)) == top(local.pass().logits(last));
        }
    }

    private static int top(float[] logits) {
        int top = 0;
        for (int v = 1; v < logits.length; v++) {
            top = logits[v] > logits[top] ? v : top;
        }
        return top;
    }

    @Override
    public ValidationReport failed(Received<Circuit> input, String message) {
        return builder(input).setStatus(Status.FAILED).setMessage(message).build();
    }

    private ValidationReport.Builder builder(Received<Circuit> input) {
        Provenance provenance = Provenances.next(input.event().getProvenance(), "circuits", input.sha256());
        provenance.setThreads(traceable.threads());
        return ValidationReport.newBuilder()
                .setPromptId(input.event().getPromptId())
                .setRequest(input.event().getRequest())
                .setProvenance(provenance);
    }

    private static Readout readout(LogitTarget target) {
        if (target.getDifference() != null) {
            return new Readout.Difference(
                    target.getDifference().getPlus(), target.getDifference().getMinus());
        }
        if (target.getFeature() != null) {
            FeatureTarget feature = target.getFeature();
            return new Readout.Feature(feature.getLayer(), feature.getFeature(), feature.getPosition());
        }
        if (target.getVector() != null) {
            float[] values = new float[target.getVector().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = target.getVector().get(i);
            }
            return new Readout.Vector(target.getToken(), values);
        }
        return new Readout.Token(target.getTokenId());
    }

    private static void requireRange(String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new RequestException("validation settings: " + what + " is " + value + ", must be 0 to " + most);
        }
    }

    /** The controls of a prompt are drawn from its id, so that a repeated prompt gives the same report. */
    private static long seed(String promptId) {
        return ByteBuffer.wrap(ContentHash.sha256().digest(promptId.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }
}
