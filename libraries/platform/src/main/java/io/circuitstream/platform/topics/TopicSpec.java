package io.circuitstream.platform.topics;

import io.circuitstream.events.Topics;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a topic should be.
 *
 * @param replication number of replicas when it is made; -1: the broker's default
 * @param configs the configuration that matters to us; what is not named is left as it is
 */
public record TopicSpec(String name, int partitions, int replication, Map<String, String> configs) {

    private static final Map<String, String> LARGE =
            Map.of("max.message.bytes", Integer.toString(RecordLimits.MAX_RECORD_BYTES));
    /** A stage's progress is worth nothing once the prompt is done; a training run's is its curve. */
    private static final Map<String, String> SHORT_LIVED =
            Map.of("retention.ms", Long.toString(Duration.ofHours(1).toMillis()));

    /** Only the newest record of a key counts. */
    private static final Map<String, String> COMPACTED =
            Map.of("max.message.bytes", Integer.toString(RecordLimits.MAX_RECORD_BYTES), "cleanup.policy", "compact");

    /** A chain whose beginning expired could not be verified. */
    private static final Map<String, String> FOR_EVER =
            Map.of("max.message.bytes", Integer.toString(RecordLimits.MAX_RECORD_BYTES), "retention.ms", "-1");

    public TopicSpec {
        configs = Map.copyOf(configs);
    }

    /** All topics of the deployment that the settings describe: events, progress and dead letters. */
    public static List<TopicSpec> all(Settings settings) {
        Topics topics = new Topics(settings.get(CommonSettings.TOPIC_PREFIX));
        int partitions = settings.get(CommonSettings.TOPIC_PARTITIONS);
        int replication = settings.get(CommonSettings.TOPIC_REPLICATION);
        List<TopicSpec> specs = new ArrayList<>();
        for (Topics.Event event : Topics.Event.values()) {
            specs.add(new TopicSpec(topics.name(event), partitions, replication, configs(event)));
        }
        for (String stage : Topics.STAGES) {
            specs.add(new TopicSpec(topics.deadLetters(stage), partitions, replication, LARGE));
        }
        return List.copyOf(specs);
    }

    private static Map<String, String> configs(Topics.Event event) {
        return switch (event) {
            case PROGRESS -> SHORT_LIVED;
            case TRAINING, STEERINGS -> Map.of();
            case FEATURES, LABELS, ANNOTATIONS -> COMPACTED;
            case FINDINGS, CHECKPOINTS -> FOR_EVER;
            default -> LARGE;
        };
    }
}
