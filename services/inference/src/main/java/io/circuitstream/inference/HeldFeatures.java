package io.circuitstream.inference;

import io.circuitstream.circuits.intervention.Intervention;
import io.circuitstream.circuits.intervention.Intervention.Value;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.events.HeldFeature;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.platform.stream.RequestException;
import java.util.List;

/** What a steering request asks for, as interventions. */
final class HeldFeatures {
    private HeldFeatures() {}

    /** @param masked leading positions without features, which an intervention over all positions begins after */
    static List<Intervention> of(SteeringRequested request, int masked, int positions) {
        return request.getInterventions().stream()
                .map(held -> of(held, masked, positions))
                .toList();
    }

    private static Intervention of(HeldFeature held, int masked, int positions) {
        int to = held.getTo() == null ? Intervention.OPEN : held.getTo();
        if (held.getFrom() >= 0 && held.getFrom() < to && to <= masked) {
            throw new RequestException(onlyMasked(held, masked, positions));
        }
        int from = held.getFrom() == 0 ? masked : held.getFrom();
        return new Intervention(held.getLayer(), held.getFeature(), from, to, value(held));
    }

    private static String onlyMasked(HeldFeature held, int masked, int positions) {
        return "steering: feature " + held.getLayer() + "/" + held.getFeature() + " cannot be held at "
                + (masked == 1
                        ? "position 0: it is BOS"
                        : "positions below " + masked + ": they are BOS and what follows it")
                + ", masked, and has no features; the prompt has them at positions " + masked + " to "
                + (positions - 1);
    }

    private static Value value(HeldFeature held) {
        Float given = held.getFactor() == null ? held.getActivation() : held.getFactor();
        if (given == null || !Float.isFinite(given) || (held.getFactor() != null && held.getActivation() != null)) {
            throw new RequestException("steering: feature " + held.getLayer() + "/" + held.getFeature()
                    + " needs a factor or an activation, one of them and a number");
        }
        return held.getFactor() == null ? new Intervention.Set(given) : new Intervention.Scale(given);
    }

    static Mode mode(SteeringRequested request, int layers) {
        boolean frozen = request.getFrozenAttention();
        return switch (request.getMode()) {
            case DIRECT -> Mode.DIRECT;
            case CONSTRAINED ->
                new Mode.Constrained(
                        request.getFirstLayer(),
                        request.getLastLayer() == null ? layers - 1 : request.getLastLayer(),
                        frozen);
            case ITERATIVE -> new Mode.Iterative(frozen);
            case MODEL -> new Mode.Model(frozen, false);
            case UNKNOWN -> throw new RequestException("steering: the mode is of a newer version than this service");
        };
    }
}
