package io.circuitstream.validation;

import io.circuitstream.circuits.validation.Ablation;
import io.circuitstream.circuits.validation.Correlation;
import io.circuitstream.events.CircuitNode;
import io.circuitstream.events.DepthAgreement;
import io.circuitstream.events.ValidationReport;
import io.circuitstream.validation.CircuitTrial.Tested;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** How well a circuit's predictions and the measurements agree, taken together. */
final class Agreement {
    private Agreement() {}

    static void write(CircuitTrial trial, List<Tested> claims, ValidationReport.Builder event) {
        List<Tested> first = claims.stream()
                .filter(c -> c.claim().target() == trial.target())
                .toList();
        double[] predicted = of(first, c -> c.claim().predicted());
        double[] measured = of(first, c -> c.measurement().ownLayer());
        double[] influence = of(first, c -> trial.node(c.claim().source()).getInfluence());
        event.setSpearman(orNull(Correlation.spearman(predicted, measured)))
                .setBestSpearman(orNull(Correlation.spearman(of(first, Tested::bestOwnLayer), measured)))
                .setSignAgreement(orNull(first.stream()
                        .mapToDouble(c -> Math.signum(c.claim().predicted())
                                        == Math.signum(c.measurement().ownLayer())
                                ? 1
                                : 0)
                        .average()))
                .setDivergenceSpearman(orNull(Correlation.spearman(
                        influence, of(first, c -> c.ablation().ownLayer().divergence()))));
        features(trial, event);
    }

    /** Over pairs of an ablated feature and a feature of the circuit that it is predicted to move. */
    private static void features(CircuitTrial trial, ValidationReport.Builder event) {
        Pairs all = new Pairs();
        TreeMap<Integer, Pairs> byDepth = new TreeMap<>();
        for (int s = 0; s < trial.sources().size(); s++) {
            int source = trial.sources().get(s);
            double[] change = trial.effects().ablation(source);
            Ablation ablation = trial.ablations().get(s);
            for (int node : trial.features()) {
                if (node != source && change[node] != 0) {
                    CircuitNode target = trial.node(node);
                    double measured = trial.moved(ablation.ownLayer(), node);
                    int depth = target.getLayer() - trial.node(source).getLayer();
                    byDepth.computeIfAbsent(depth, d -> new Pairs()).add(change[node], measured);
                    all.add(Math.abs(change[node]) / target.getValue(), Math.abs(measured) / target.getValue());
                }
            }
        }
        event.setFeatureSpearman(orNull(Correlation.spearman(all.predicted(), all.measured())))
                .setDepths(byDepth.entrySet().stream()
                        .map(e -> new DepthAgreement(
                                e.getKey(),
                                e.getValue().size(),
                                Correlation.cosine(
                                                e.getValue().predicted(),
                                                e.getValue().measured())
                                        .orElse(0)))
                        .toList());
    }

    private static double[] of(List<Tested> claims, ToDoubleFunction<Tested> value) {
        return claims.stream().mapToDouble(value).toArray();
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    /** Predicted and measured changes. */
    private static final class Pairs {
        private final List<Double> predicted = new ArrayList<>();
        private final List<Double> measured = new ArrayList<>();

        void add(double prediction, double measurement) {
            predicted.add(prediction);
            measured.add(measurement);
        }

        int size() {
            return predicted.size();
        }

        double[] predicted() {
            return predicted.stream().mapToDouble(Double::doubleValue).toArray();
        }

        double[] measured() {
            return measured.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }
}
