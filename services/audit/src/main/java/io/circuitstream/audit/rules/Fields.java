package io.circuitstream.audit.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one object in a rule file, each read once and as exactly one type. {@link #end} refuses the keys that nobody read. Every
 * message begins with file and path.
 */
final class Fields {
    private final String path;
    private final JsonNode node;
    private final TreeSet<String> known = new TreeSet<>();

    private Fields(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    static Fields of(String path, JsonNode node) {
        if (!node.isObject()) {
            throw refused(path, node, "keys with values");
        }
        return new Fields(path, node);
    }

    String text(String key) {
        return optionalText(key).orElseThrow(() -> missing(key));
    }

    Optional<String> optionalText(String key) {
        return find(key).map(value -> {
            if (!value.isTextual() || value.textValue().isBlank()) {
                throw refused(at(key), value, "a text that is not empty (in quotes where it could be a number)");
            }
            return value.textValue();
        });
    }

    double number(String key, Range range) {
        return optionalNumber(key, range).orElseThrow(() -> missing(key));
    }

    OptionalDouble optionalNumber(String key, Range range) {
        Optional<JsonNode> found = find(key);
        if (found.isEmpty()) {
            return OptionalDouble.empty();
        }
        JsonNode value = found.get();
        if (!value.isNumber() || !range.contains(value.doubleValue())) {
            throw refused(at(key), value, range.toString());
        }
        return OptionalDouble.of(value.doubleValue());
    }

    int index(String key) {
        JsonNode value = find(key).orElseThrow(() -> missing(key));
        if (!value.isInt() || value.intValue() < 0) {
            throw refused(at(key), value, "an integer from 0");
        }
        return value.intValue();
    }

    boolean flag(String key) {
        return find(key)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw refused(at(key), value, "true or false");
                    }
                    return value.booleanValue();
                })
                .orElse(false);
    }

    <E extends Enum<E>> E choice(String key, Class<E> type) {
        JsonNode value = find(key).orElseThrow(() -> missing(key));
        List<E> choices = Arrays.stream(type.getEnumConstants())
                .filter(constant -> !constant.name().equals("UNKNOWN"))
                .toList();
        return choices.stream()
                .filter(constant -> spelling(constant).equals(value.textValue()))
                .findFirst()
                .orElseThrow(() -> refused(
                        at(key),
                        value,
                        choices.stream().map(Fields::spelling).collect(Collectors.joining(", ", "one of ", ""))));
    }

    <T> List<T> list(String key, BiFunction<String, JsonNode, T> element) {
        JsonNode value = find(key).orElseThrow(() -> missing(key));
        if (!value.isArray() || value.isEmpty()) {
            throw refused(at(key), value, "a list that is not empty");
        }
        List<T> elements = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            elements.add(element.apply(at(key) + "[" + i + "]", value.get(i)));
        }
        return List.copyOf(elements);
    }

    RuleFileException refused(String key, String allowed) {
        return refused(at(key), node.path(key), allowed);
    }

    RuleFileException wrong(String message) {
        return new RuleFileException(path + ": " + message);
    }

    /** Nothing else may be there. */
    void end() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new RuleFileException(at(key) + " is not a key here; allowed: " + String.join(", ", known));
            }
        });
    }

    static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private Optional<JsonNode> find(String key) {
        known.add(key);
        return Optional.ofNullable(node.get(key));
    }

    private String at(String key) {
        return path + "." + key;
    }

    private RuleFileException missing(String key) {
        return new RuleFileException(at(key) + " is missing");
    }

    private static RuleFileException refused(String path, @Nullable JsonNode value, String allowed) {
        return new RuleFileException(path + " is " + value + "; allowed: " + allowed);
    }

    /** A range of numbers; the ends belong to it unless it is open below. */
    record Range(double least, boolean open, double most) {
        static final Range SHARE = new Range(0, false, 1);
        static final Range POSITIVE = new Range(0, true, Double.MAX_VALUE);
        static final Range NOT_NEGATIVE = new Range(0, false, Double.MAX_VALUE);

        boolean contains(double value) {
            return Double.isFinite(value) && (open ? value > least : value >= least) && value <= most;
        }

        @Override
        public String toString() {
            String from = open ? "a number above " + least : "a number from " + least;
            return most == Double.MAX_VALUE ? from : from + " to " + most;
        }
    }
}
