package io.circuitstream.audit;

import io.circuitstream.events.Circuit;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.Claim;
import io.circuitstream.events.ClaimVerdict;
import io.circuitstream.events.HeldFeature;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.events.TokenProbability;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.platform.serde.EventClasses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Small events as the other services write them. */
public final class AuditEvents {
    public static final String SCAN = "5c".repeat(32);

    static {
        EventClasses.trust();
    }

    private AuditEvents() {}

    public static PromptSubmitted prompt(String id) {
        return PromptSubmitted.newBuilder()
                .setPromptId(id)
                .setText("a b")
                .setTenant("lab")
                .build();
    }

    public static Provenance provenance() {
        return Provenance.newBuilder()
                .setModelName("tiny")
                .setModelHash("aa".repeat(32))
                .setScan(SCAN)
                .build();
    }

    public static InferenceCompleted inference(String id, Status status) {
        return InferenceCompleted.newBuilder()
                .setPromptId(id)
                .setStatus(status)
                .setMessage(status == Status.FAILED ? "no such model" : null)
                .setRequest(prompt(id))
                .setProvenance(provenance())
                .build();
    }

    public static Circuit circuit(String id, Status status, CircuitNode... nodes) {
        return Circuit.newBuilder()
                .setPromptId(id)
                .setStatus(status)
                .setMessage(status == Status.FAILED ? "no such model" : null)
                .setRequest(prompt(id))
                .setProvenance(provenance())
                .setNodes(new ArrayList<>(List.of(nodes)))
                .build();
    }

    public static Circuit circuit(String id, CircuitNode... nodes) {
        return circuit(id, Status.OK, nodes);
    }

    public static CircuitNode feature(int layer, int feature, int position, double influence) {
        return node(NodeKind.FEATURE, layer, feature, position, influence);
    }

    public static CircuitNode node(NodeKind kind, int layer, int feature, int position, double influence) {
        return CircuitNode.newBuilder()
                .setId(layer + "_" + feature + "_" + position)
                .setKind(kind)
                .setLayer(layer)
                .setFeature(feature)
                .setPosition(position)
                .setValue(1)
                .setInfluence((float) influence)
                .setScore(0)
                .setEffect(0)
                .build();
    }

    public static ValidationReport report(String id, double completeness, boolean agrees, ClaimVerdict... verdicts) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < verdicts.length; i++) {
            claims.add(Claim.newBuilder()
                    .setSource("0_" + i + "_1")
                    .setTarget("2_7_1")
                    .setPredicted(1)
                    .setDirect(1)
                    .setDirectPredicted(1)
                    .setMeasuredOwnLayer(-.5)
                    .setMeasuredAllLayers(-.5)
                    .setVerdict(verdicts[i])
                    .build());
        }
        int confirmed = count(ClaimVerdict.CONFIRMED, verdicts);
        return ValidationReport.newBuilder()
                .setPromptId(id)
                .setStatus(Status.OK)
                .setRequest(prompt(id))
                .setProvenance(provenance())
                .setClaims(claims)
                .setConfirmed(confirmed)
                .setRefuted(count(ClaimVerdict.REFUTED, verdicts))
                .setInconclusive(count(ClaimVerdict.INCONCLUSIVE, verdicts))
                .setConfirmedShare(verdicts.length == 0 ? null : (double) confirmed / verdicts.length)
                .setCompleteness(completeness)
                .setReplacementAgrees(agrees)
                .build();
    }

    private static int count(ClaimVerdict verdict, ClaimVerdict... verdicts) {
        return (int) Arrays.stream(verdicts).filter(verdict::equals).count();
    }

    public static ValidationReport failedReport(String id) {
        ValidationReport report = report(id, 0, false);
        report.setStatus(Status.FAILED);
        report.setMessage("no such model");
        return report;
    }

    public static SteeringCompleted steering(String id, int cleanToken, int steeredToken, double divergence) {
        SteeringRequested request = SteeringRequested.newBuilder()
                .setRequestId(id)
                .setPrompt(prompt("p-" + id))
                .setInterventions(new ArrayList<>(List.of(HeldFeature.newBuilder()
                        .setLayer(1)
                        .setFeature(17)
                        .setFrom(2)
                        .setFactor(0f)
                        .build())))
                .build();
        return SteeringCompleted.newBuilder()
                .setRequestId(id)
                .setStatus(Status.OK)
                .setRequest(request)
                .setProvenance(provenance())
                .setCleanTop(new ArrayList<>(List.of(token(cleanToken))))
                .setSteeredTop(new ArrayList<>(List.of(token(steeredToken))))
                .setDivergence(divergence)
                .build();
    }

    private static TokenProbability token(int id) {
        return TokenProbability.newBuilder()
                .setId(id)
                .setToken("t" + id)
                .setLogit(1)
                .setProbability(.9f)
                .build();
    }
}
