package io.circuitstream.circuits.graphfile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The links of a file before it is known which nodes their ids name: 12 bytes a link, each id's text once. */
final class RawLinks {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> ids = new ArrayList<>();
    private int[] sources = new int[1024];
    private int[] targets = new int[1024];
    private float[] weights = new float[1024];
    private int count;

    /** Reads one link; the parser stands at its first token. Fields other than source, target and weight are passed over. */
    void read(JsonParser parser) throws IOException {
        String where = "link " + count;
        if (!parser.isExpectedStartObjectToken()) {
            throw new GraphFileException(where + " is no object: it must have source, target and weight");
        }
        String source = null;
        String target = null;
        Float weight = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "source" -> source = id(parser, where, field);
                case "target" -> target = id(parser, where, field);
                case "weight" -> weight = weight(parser, where);
                default -> parser.skipChildren();
            }
        }
        if (source == null || target == null || weight == null) {
            throw new GraphFileException(where + " has no " + missing(source, target)
                    + ": it must have the ids of its source and target, and a weight");
        }
        add(number(source), number(target), weight);
    }

    private static String missing(@Nullable String source, @Nullable String target) {
        return source == null ? "source" : target == null ? "target" : "weight";
    }

    private static String id(JsonParser parser, String where, String field) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new GraphFileException(where + ": " + field + " must be a node's id as text");
        }
        return parser.getText();
    }

    /** As decimal text to float at once, so that what was a float comes back bit by bit. */
    private static float weight(JsonParser parser, String where) throws IOException {
        boolean number = parser.currentToken().isNumeric() && Double.isFinite(parser.getDoubleValue());
        float weight = number ? Float.parseFloat(parser.getText()) : Float.NaN;
        if (!Float.isFinite(weight)) {
            throw new GraphFileException(where + ": weight is " + GraphFileException.quote(parser.getText())
                    + ", must be a finite number: compute the graph again");
        }
        return weight;
    }

    private int number(String id) {
        Integer known = numbers.putIfAbsent(id, ids.size());
        if (known == null) {
            ids.add(id);
            return ids.size() - 1;
        }
        return known;
    }

    private void add(int source, int target, float weight) {
        if (count == sources.length) {
            sources = Arrays.copyOf(sources, 2 * count);
            targets = Arrays.copyOf(targets, 2 * count);
            weights = Arrays.copyOf(weights, 2 * count);
        }
        sources[count] = source;
        targets[count] = target;
        weights[count++] = weight;
    }

    int count() {
        return count;
    }

    String source(int link) {
        return ids.get(sources[link]);
    }

    String target(int link) {
        return ids.get(targets[link]);
    }

    float[] weights() {
        return Arrays.copyOf(weights, count);
    }

    /** For messages. */
    String describe(int link) {
        return "link " + link + " (" + GraphFileException.quote(source(link)) + " → "
                + GraphFileException.quote(target(link)) + ")";
    }
}
