package io.circuitstream.attribution;

import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.VectorTarget;
import io.circuitstream.platform.stream.RequestException;
import java.util.ArrayList;
import java.util.List;

/** What a request wants to be attributed from. */
final class TargetReader {
    private static final int MOST_TARGETS = 100;

    private TargetReader() {}

    /**
     * Tokens, differences, features, directions, in this order; empty for the top tokens.
     *
     * @throws RequestException if a text is not one token, or there are too many targets
     */
    static List<Readout> read(AttributionSettings settings, Tokens tokens) {
        List<Readout> targets = new ArrayList<>();
        settings.getTargetTokens().forEach(text -> targets.add(new Readout.Token(token(text, tokens))));
        settings.getTargetDifferences()
                .forEach(d ->
                        targets.add(new Readout.Difference(token(d.getPlus(), tokens), token(d.getMinus(), tokens))));
        settings.getTargetFeatures()
                .forEach(f -> targets.add(new Readout.Feature(f.getLayer(), f.getFeature(), f.getPosition())));
        settings.getTargetVectors().forEach(v -> targets.add(new Readout.Vector(v.getLabel(), values(v))));
        if (targets.size() > MOST_TARGETS) {
            throw new RequestException("there are " + targets.size() + " targets, the limit is " + MOST_TARGETS);
        }
        return targets;
    }

    private static int token(String text, Tokens tokens) {
        return tokens.single(text)
                .orElseThrow(() -> new RequestException("target '" + text
                        + "' is not exactly one token of the model: give one of its tokens as it is written in"
                        + " the vocabulary"));
    }

    private static float[] values(VectorTarget vector) {
        float[] values = new float[vector.getValues().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = vector.getValues().get(i);
            if (!Float.isFinite(values[i])) {
                throw new RequestException("target vector '" + vector.getLabel() + "' has the value " + values[i]
                        + " at " + i + ": give finite numbers");
            }
        }
        return values;
    }
}
