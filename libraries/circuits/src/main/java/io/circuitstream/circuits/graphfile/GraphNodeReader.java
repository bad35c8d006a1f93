package io.circuitstream.circuits.graphfile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.graph.Nodes.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One node out of its JSON. Who a feature, embedding or logit is comes from its id, which must agree with {@code layer} and
 * {@code ctx_idx}; an error is known by these two alone. {@code feature} is not read: circuit-tracer writes Cantor's pairing
 * there, others the index.
 */
final class GraphNodeReader {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final Pattern ID = Pattern.compile("(\\d{1,9})_(\\d{1,9})_(\\d{1,9})");
    private static final Pattern TOKEN_ID = Pattern.compile("(E)_(\\d{1,9})_(\\d{1,9})");
    private static final Pattern PROBABILITY = Pattern.compile("\\(p=([0-9.]{1,20}(?:[eE]-?\\d{1,3})?)\\)$");
    private static final int LONGEST_ID = 200;

    private final ObjectNode json;
    private final String name;

    private GraphNodeReader(ObjectNode json, int index) {
        this.json = json;
        JsonNode id = json.get("node_id");
        if (id == null || !id.isTextual() || id.textValue().length() > LONGEST_ID) {
            throw new GraphFileException("node " + index + ": node_id must be a text of at most " + LONGEST_ID
                    + " characters, is " + shown("node_id"));
        }
        this.name = "node " + index + " (" + GraphFileException.quote(id.textValue()) + ")";
    }

    /**
     * The node; a logit's layer is as the file has it.
     *
     * @param index position in the file, for messages
     */
    static GraphNode read(ObjectNode json, int index) {
        return new GraphNodeReader(json, index).read();
    }

    private GraphNode read() {
        Kind kind = kind();
        int position = integer("ctx_idx");
        String layerText = layerText();
        if ((kind == Kind.TOKEN) != layerText.equals("E")) {
            throw wrong("layer", "E for embeddings and a number for every other node");
        }
        int layer = kind == Kind.TOKEN ? -1 : Integer.parseInt(layerText);
        int feature = kind == Kind.ERROR ? -1 : feature(kind, layerText, position);
        String label = label();
        float value =
                switch (kind) {
                    case FEATURE -> orNaN(number("activation"));
                    case ERROR -> Float.NaN;
                    case TOKEN -> 1;
                    case LOGIT -> probability(label);
                };
        return new GraphNode(kind, layer, position, feature, value, label, number("influence"), json);
    }

    private Kind kind() {
        JsonNode type = json.path("feature_type");
        return switch (type.isTextual() ? type.textValue() : "") {
            case "cross layer transcoder" -> Kind.FEATURE;
            case "mlp reconstruction error" -> Kind.ERROR;
            case "embedding" -> Kind.TOKEN;
            case "logit" -> Kind.LOGIT;
            default ->
                throw wrong(
                        "feature_type",
                        "'cross layer transcoder', 'mlp reconstruction error', 'embedding' or 'logit': graphs with other"
                                + " nodes, such as attention features, cannot be read");
        };
    }

    private int feature(Kind kind, String layer, int position) {
        String id = json.get("node_id").textValue();
        Matcher parts = (kind == Kind.TOKEN ? TOKEN_ID : ID).matcher(id);
        if (!parts.matches() || !parts.group(1).equals(layer) || !parts.group(3).equals(Integer.toString(position))) {
            throw wrong(
                    "node_id",
                    "{layer}_{" + (kind == Kind.FEATURE ? "feature" : "token id") + "}_{ctx_idx} with the node's layer "
                            + layer + " and ctx_idx " + position);
        }
        return Integer.parseInt(parts.group(2));
    }

    private String layerText() {
        JsonNode layer = json.path("layer");
        String text = layer.isTextual() || layer.isIntegralNumber() ? layer.asText() : "";
        if (!text.equals("E") && !NUMBER.matcher(text).matches()) {
            throw wrong("layer", "a whole number from 0, or E");
        }
        return text.equals("E") ? text : Integer.toString(Integer.parseInt(text));
    }

    private int integer(String field) {
        JsonNode value = json.path(field);
        if (!value.isInt() || value.intValue() < 0) {
            throw wrong(field, "a whole number from 0");
        }
        return value.intValue();
    }

    private String label() {
        JsonNode label = json.path("clerp");
        if (!label.isTextual() && !label.isMissingNode() && !label.isNull()) {
            throw wrong("clerp", "a text");
        }
        return label.asText("");
    }

    private @Nullable Float number(String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber() || !Float.isFinite(value.floatValue())) {
            throw wrong(field, "a finite number or null");
        }
        return value.floatValue();
    }

    /** {@code token_prob}, which Neuronpedia's schema does not have; there the label says it, to three digits. */
    private float probability(String label) {
        float given = orNaN(number("token_prob"));
        if (given > 0) {
            return given;
        }
        Matcher inLabel = PROBABILITY.matcher(label);
        if (given < 0 || !inLabel.find()) {
            throw wrong("token_prob", "a probability above 0, or clerp must end in (p=0.123)");
        }
        try {
            return Float.parseFloat(inLabel.group(1));
        } catch (NumberFormatException e) {
            throw wrong("clerp", "a text that ends in a probability such as (p=0.123)");
        }
    }

    private static float orNaN(@Nullable Float value) {
        return value == null ? Float.NaN : value;
    }

    private String shown(String field) {
        JsonNode value = json.get(field);
        return value == null
                ? "missing"
                : value.isContainerNode() ? "no such thing" : GraphFileException.quote(value.asText());
    }

    private GraphFileException wrong(String field, String expected) {
        return new GraphFileException(name + ": " + field + " is " + shown(field) + ", must be " + expected);
    }
}
