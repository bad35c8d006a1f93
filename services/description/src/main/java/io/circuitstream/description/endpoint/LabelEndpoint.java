package io.circuitstream.description.endpoint;

import io.circuitstream.description.topics.FeatureId;
import io.circuitstream.description.topics.LabelWriter;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.LabelSource;
import io.circuitstream.platform.settings.Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has features labelled by the language model that the settings name, as events on the labels topic. Given descriptions as they are
 * written; those of features with few contexts, or with a label of a person or language model, are let pass. Never
 * blocks. Thread-safe; owns its connections.
 */
public final class LabelEndpoint implements Consumer<FeatureDescription>, AutoCloseable {
    private static final int LEAST_PROMPTS = 5;

    private final LabelWriter writer;
    private final EndpointLabels labels;

    private LabelEndpoint(Settings settings, String url) {
        this.writer = new LabelWriter(settings);
        this.labels = new EndpointLabels(
                new ChatClient(settings, url),
                Duration.ofMinutes(1).dividedBy(settings.get(EndpointSettings.PER_MINUTE)),
                this::write);
    }

    /** Empty when the settings have no URL. */
    public static Optional<LabelEndpoint> of(Settings settings) {
        return settings.find(EndpointSettings.URL).map(url -> new LabelEndpoint(settings, url));
    }

    private void write(FeatureDescription feature, String label, String author) {
        FeatureId id = new FeatureId(feature.getScan(), feature.getLayer(), feature.getFeature());
        writer.put(id, LabelSource.LANGUAGE_MODEL, label, author);
    }

    @Override
    public void accept(FeatureDescription feature) {
        boolean stated = feature.getLabelSource() == LabelSource.PERSON
                || feature.getLabelSource() == LabelSource.LANGUAGE_MODEL;
        if (!stated && feature.getActivePrompts() >= LEAST_PROMPTS) {
            labels.offer(feature);
        }
    }

    @Override
    public void close() {
        labels.close();
        writer.close();
    }
}
