package io.circuitstream.platform.topics;

/** One step from the topics there are to those there should be. */
public sealed interface TopicChange {

    /** The step as one line for a person, for example {@code + circuitstream.prompts.v1 (4 partitions)}. */
    String describe();

    record Create(TopicSpec spec) implements TopicChange {
        @Override
        public String describe() {
            return "+ " + spec.name() + " (" + spec.partitions() + " partitions)";
        }
    }

    /** More partitions: prompts with the same id may move to another one, which no stage minds, and the audit does (docs/upgrading.md). */
    record Grow(String topic, int from, int to) implements TopicChange {
        @Override
        public String describe() {
            return "~ " + topic + " partitions " + from + " -> " + to;
        }
    }

    record Configure(String topic, String key, String from, String to) implements TopicChange {
        @Override
        public String describe() {
            return "~ " + topic + " " + key + " " + from + " -> " + to;
        }
    }

    /** A difference that cannot be removed without losing data or moving replicas: for a person to decide. */
    record Conflict(String topic, String difference) implements TopicChange {
        @Override
        public String describe() {
            return "! " + topic + " " + difference;
        }
    }
}
