package io.circuitstream.description;

import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.description.state.Context;
import io.circuitstream.description.state.Contexts;
import io.circuitstream.description.state.CountMap;
import io.circuitstream.description.state.Window;
import io.circuitstream.events.Columns;
import io.circuitstream.events.FeatureExample;
import io.circuitstream.events.FeatureQuantile;
import io.circuitstream.events.TokenCount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Kept contexts as the examples and peak tokens of an event. Thread-safe. */
final class Examples {
    private static final int TOP = 10;
    private static final int INTERVALS = 5;
    private static final int EACH = 5;

    private final Tokens tokens;

    Examples(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The most active contexts, and five intervals of the sample with five each, which are drawn by hash. */
    List<FeatureQuantile> quantiles(Contexts contexts) {
        List<FeatureQuantile> quantiles = new ArrayList<>();
        quantiles.add(quantile(
                "Top activations",
                contexts.top().subList(0, Math.min(TOP, contexts.top().size()))));
        List<Context> sample = new ArrayList<>(contexts.sample());
        sample.sort(Comparator.comparing(Context::peak).reversed());
        for (int i = 0; i < INTERVALS; i++) {
            List<Context> interval =
                    new ArrayList<>(sample.subList(i * sample.size() / INTERVALS, (i + 1) * sample.size() / INTERVALS));
            interval.sort(Comparator.comparing(Context::prompt, Long::compareUnsigned));
            List<Context> drawn = new ArrayList<>(interval.subList(0, Math.min(EACH, interval.size())));
            drawn.sort(Comparator.comparing(Context::peak).reversed());
            if (!drawn.isEmpty()) {
                quantiles.add(quantile("Subsample Interval " + i, drawn));
            }
        }
        return quantiles;
    }

    private FeatureQuantile quantile(String name, List<Context> contexts) {
        return new FeatureQuantile(
                name,
                contexts.stream().map(context -> example(context.window())).toList());
    }

    private FeatureExample example(Window window) {
        return new FeatureExample(
                tokens.tokens(window.tokens()),
                Arrays.stream(window.tokens()).boxed().toList(),
                Columns.of(window.activations()),
                window.peak(),
                window.start());
    }

    /** Most frequent first; of the sample when not all tokens could be counted. */
    List<TokenCount> peaks(CountMap counted, Contexts contexts) {
        Map<Integer, Long> counts = new TreeMap<>();
        if (counted.isIncomplete()) {
            for (Context context : contexts.sample()) {
                Window window = context.window();
                counts.merge(window.tokens()[window.peak()], 1L, Long::sum);
            }
        } else {
            for (int i = 0; i < counted.size(); i++) {
                counts.put(counted.key(i), counted.count(i));
            }
        }
        return counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> new TokenCount(entry.getKey(), tokens.token(entry.getKey()), entry.getValue()))
                .toList();
    }
}
