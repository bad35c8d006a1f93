package io.circuitstream.dashboard.features;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.events.AutomaticLabel;
import io.circuitstream.events.FeatureDescription;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A feature as one line of a table.
 *
 * @param described what its newest description says; null when there is none yet
 * @param person the label that a person gave it since, null when nobody did: it wins over the description's
 * @param influence summed over the circuits it is in
 * @param circuits in how many it is
 */
public record FeatureRow(
        String scan,
        int layer,
        int feature,
        @Nullable Described described,
        @Nullable String person,
        double influence,
        int circuits) {

    /**
     * What a description says in figures.
     *
     * @param evidence of the automatic label, null when there is none
     * @param score balanced accuracy of the automatic label; null when it was not scored
     * @param density active tokens as a share of all
     */
    public record Described(
            String label,
            String labelSource,
            @Nullable String evidence,
            @Nullable Double score,
            long activeTokens,
            double density,
            float actMax) {

        static Described of(FeatureDescription event) {
            AutomaticLabel automatic = event.getAutomatic();
            return new Described(
                    event.getLabel(),
                    event.getLabelSource().name(),
                    automatic == null ? null : automatic.getEvidence().name(),
                    automatic == null ? null : automatic.getScore(),
                    event.getActiveTokens(),
                    event.getTokens() == 0 ? 0 : (double) event.getActiveTokens() / event.getTokens(),
                    event.getActMax());
        }
    }

    static FeatureRow empty(FeatureKey key) {
        return new FeatureRow(key.scan(), key.layer(), key.feature(), null, null, 0, 0);
    }

    FeatureRow with(@Nullable Described next) {
        return new FeatureRow(scan, layer, feature, next, person, influence, circuits);
    }

    FeatureRow named(@Nullable String label) {
        return new FeatureRow(scan, layer, feature, described, label, influence, circuits);
    }

    FeatureRow used(double influenceChange, int circuitsChange) {
        int in = circuits + circuitsChange;
        return new FeatureRow(scan, layer, feature, described, person, in == 0 ? 0 : influence + influenceChange, in);
    }

    public FeatureKey key() {
        return new FeatureKey(scan, layer, feature);
    }

    /** Empty when it has none. */
    public String label() {
        if (person != null) {
            return person;
        }
        return described == null ? "" : described.label();
    }

    String labelSource() {
        if (person != null) {
            return "PERSON";
        }
        return described == null ? "NONE" : described.labelSource();
    }

    public double density() {
        return described == null ? 0 : described.density();
    }

    double score() {
        return described == null || described.score() == null ? 0 : described.score();
    }

    boolean matches(String text) {
        return label().toLowerCase(Locale.ROOT).contains(text);
    }

    public ObjectNode json() {
        ObjectNode json = Json.object()
                .put("scan", scan)
                .put("layer", layer)
                .put("feature", feature)
                .put("label", label())
                .put("labelSource", labelSource())
                .put("evidence", described == null ? null : described.evidence())
                .put("score", described == null ? null : described.score())
                .put("activeTokens", described == null ? 0 : described.activeTokens())
                .put("density", density())
                .put("actMax", described == null ? null : described.actMax());
        return json.put("influence", influence).put("circuits", circuits);
    }
}
