package io.circuitstream.platform.topics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;

/** What stands against starting a service on the topics there are. */
public final class TopicCheck {

    private TopicCheck() {}

    /**
     * One line for each problem: missing topics, numbers of partitions that differ between what is read and what is
     * written, topics that do not take records as large as services write.
     *
     * @param others dead letters and progress: must exist, in any number of partitions
     */
    public static List<String> problems(
            Map<String, TopicState> existing, Set<String> reads, Set<String> writes, Set<String> others) {
        List<String> problems = new ArrayList<>();
        Set<String> missing = new TreeSet<>(reads);
        missing.addAll(writes);
        missing.addAll(others);
        missing.removeAll(existing.keySet());
        if (!missing.isEmpty()) {
            problems.add((missing.size() == 1 ? "topic " : "topics ") + String.join(", ", missing)
                    + (missing.size() == 1 ? " is" : " are") + " missing: run `circuitstream topics --apply`");
        }
        partitions(existing, reads, writes).ifPresent(problems::add);
        for (String topic : writes) {
            limit(existing, topic)
                    .filter(bytes -> bytes < RecordLimits.MAX_RECORD_BYTES)
                    .ifPresent(bytes -> problems.add("topic " + topic + " takes records of up to " + bytes
                            + " bytes, results may have " + RecordLimits.MAX_RECORD_BYTES
                            + ": run `circuitstream topics --apply`"));
        }
        return problems;
    }

    /**
     * A problem when the group has read topics that this service does not: another service uses the same group, or did
     * another version of this one.
     */
    public static Optional<String> strangers(String group, Set<String> topicsOfGroup, Set<String> reads) {
        Set<String> strange = new TreeSet<>(topicsOfGroup);
        strange.removeAll(reads);
        return strange.isEmpty()
                ? Optional.empty()
                : Optional.of("consumer group " + group + " reads " + String.join(", ", strange)
                        + ", this service would read " + String.join(", ", new TreeSet<>(reads))
                        + ": set another circuitstream.application.id.prefix; or, when another version of this service"
                        + " read it, forget its place with kafka-consumer-groups.sh --group " + group
                        + strange.stream().map(topic -> " --topic " + topic).collect(Collectors.joining())
                        + " --delete-offsets");
    }

    /**
     * A problem when the user lacks rights.
     *
     * @param kind of what the rights are for, as Kafka calls it: topic, group
     * @param granted for each topic or group that could be asked about
     */
    public static Optional<String> missingRights(
            String kind, Map<String, Set<AclOperation>> granted, Map<String, Set<AclOperation>> needed) {
        String missing = new TreeMap<>(needed)
                .entrySet().stream()
                        .filter(entry -> granted.containsKey(entry.getKey()))
                        .flatMap(entry -> entry.getValue().stream()
                                .filter(operation ->
                                        !granted.get(entry.getKey()).contains(operation))
                                .map(operation -> operation + " on " + kind + " " + entry.getKey())
                                .sorted())
                        .collect(Collectors.joining(", "));
        return missing.isEmpty() ? Optional.empty() : Optional.of(Refusals.message(missing));
    }

    /** A problem when changelogs are gone whose group has read already: Kafka Streams would make them anew, without a word. */
    public static Optional<String> lostState(Set<String> existing, Set<String> changelogs) {
        Set<String> missing = new TreeSet<>(changelogs);
        missing.removeAll(existing);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("changelog " + String.join(", ", missing)
                        + " is missing, though records were read before: restore it; or read everything again with another"
                        + " circuitstream.application.id.prefix; or, when this version added the store, start once with"
                        + " circuitstream.state.may.be.empty=true");
    }

    /** The same number everywhere, so that whoever joins events by prompt finds them in the same partition. */
    private static Optional<String> partitions(
            Map<String, TopicState> existing, Collection<String> reads, Collection<String> writes) {
        Set<String> all = new TreeSet<>(reads);
        all.addAll(writes);
        all.retainAll(existing.keySet());
        long counts = all.stream()
                .map(topic -> existing.get(topic).partitions())
                .distinct()
                .count();
        return counts <= 1
                ? Optional.empty()
                : Optional.of("numbers of partitions differ: "
                        + all.stream()
                                .map(topic ->
                                        topic + " has " + existing.get(topic).partitions())
                                .collect(Collectors.joining(", "))
                        + ": give them the same with `circuitstream topics --apply`");
    }

    private static Optional<Integer> limit(Map<String, TopicState> existing, String topic) {
        return Optional.ofNullable(existing.get(topic))
                .map(state -> state.configs().get("max.message.bytes"))
                .map(Integer::valueOf);
    }
}
