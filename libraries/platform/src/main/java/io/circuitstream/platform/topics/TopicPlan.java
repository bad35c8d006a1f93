package io.circuitstream.platform.topics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Works out the steps from the topics there are to those there should be. */
final class TopicPlan {

    private TopicPlan() {}

    /** In the order of {@code wanted}; empty when everything is as it should be. */
    static List<TopicChange> between(Map<String, TopicState> existing, Collection<TopicSpec> wanted) {
        List<TopicChange> changes = new ArrayList<>();
        for (TopicSpec spec : wanted) {
            TopicState state = existing.get(spec.name());
            if (state == null) {
                changes.add(new TopicChange.Create(spec));
            } else {
                addDifferences(spec, state, changes);
            }
        }
        return changes;
    }

    private static void addDifferences(TopicSpec spec, TopicState state, List<TopicChange> changes) {
        if (state.partitions() < spec.partitions()) {
            changes.add(new TopicChange.Grow(spec.name(), state.partitions(), spec.partitions()));
        } else if (state.partitions() > spec.partitions()) {
            changes.add(new TopicChange.Conflict(
                    spec.name(),
                    "has " + state.partitions() + " partitions, wanted " + spec.partitions()
                            + ": partitions cannot be taken away"));
        }
        if (spec.replication() > 0 && state.replication() != spec.replication()) {
            changes.add(new TopicChange.Conflict(
                    spec.name(),
                    "has " + state.replication() + " replicas, wanted " + spec.replication()
                            + ": use kafka-reassign-partitions"));
        }
        new TreeMap<>(spec.configs()).forEach((key, value) -> {
            String current = state.configs().getOrDefault(key, "unset");
            if (!current.equals(value)) {
                changes.add(new TopicChange.Configure(spec.name(), key, current, value));
            }
        });
    }
}
