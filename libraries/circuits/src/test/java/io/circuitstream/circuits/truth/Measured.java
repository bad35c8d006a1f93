package io.circuitstream.circuits.truth;

import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** A mechanism's outcomes on every input. */
record Measured(Mechanism mechanism, Kind kind, List<Outcome> outcomes) {

    static Measured of(Mechanism mechanism, Kind kind, Path folder) throws IOException {
        try (Built built = Built.of(mechanism, kind, folder)) {
            return new Measured(
                    mechanism,
                    kind,
                    mechanism.tasks().stream()
                            .map(task -> Outcome.of(built, kind, task))
                            .toList());
        }
    }

    double mean(ToDoubleFunction<Outcome> value) {
        return outcomes.stream().mapToDouble(value).average().orElseThrow();
    }

    double least(ToDoubleFunction<Outcome> value) {
        return outcomes.stream().mapToDouble(value).min().orElseThrow();
    }

    double share(Predicate<Outcome> which) {
        return mean(outcome -> which.test(outcome) ? 1 : 0);
    }

    @Override
    public String toString() {
        return mechanism.title() + ", " + (kind == Kind.CROSS_LAYER ? "CLT" : "PLT");
    }
}
