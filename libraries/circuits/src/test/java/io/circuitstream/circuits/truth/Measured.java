package io.circuitstream.circuits.truth;

import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A mechanism's outcomes: on every input with a PLT, on every third of many with a CLT of the same model. */
record Measured(Mechanism mechanism, Kind kind, List<Outcome> outcomes) {
    private static final int MANY = 20;

    static Measured of(Mechanism mechanism, Kind kind, Path folder) throws IOException {
        List<Task> tasks = mechanism.tasks();
        int stride = kind == Kind.CROSS_LAYER && tasks.size() > MANY ? 3 : 1;
        try (Built built = Built.of(mechanism, kind, folder)) {
            return new Measured(
                    mechanism,
                    kind,
                    IntStream.iterate(0, i -> i < tasks.size(), i -> i + stride)
                            .mapToObj(i -> Outcome.of(built, kind, tasks.get(i)))
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
