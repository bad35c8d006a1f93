package io.circuitstream.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/**
 * Topologies as they were reviewed, in {@code src/test/resources/topology.txt} of each service: names of stores and
 * internal topics decide whether a new version finds the state and the offsets of the one before.
 */
public final class GoldenTopology {
    private static final Path FILE = Path.of("src/test/resources/topology.txt");

    private GoldenTopology() {}

    /**
     * Compares with the reviewed one; with {@code -Dtopology.record=true} the file is written anew.
     *
     * @throws AssertionError when it differs, with what has to be looked at
     */
    public static void check(Topology topology) throws IOException {
        String now = text(topology);
        if (Boolean.getBoolean("topology.record")) {
            Files.writeString(FILE, now);
        }
        if (!now.equals(Files.readString(FILE))) {
            throw new AssertionError("the topology is not the one in " + FILE
                    + ". A store or repartition topic with another name loses what is kept under the old one; a new store needs"
                    + " circuitstream.state.may.be.empty at its first start (docs/reliability.md). When that is meant, record it"
                    + " with -Dtest.jvm.extra=-Dtopology.record=true. It is now:\n" + now);
        }
    }

    /** Kafka's own description has its nodes in another order in each run. */
    private static String text(Topology topology) {
        StringBuilder text = new StringBuilder();
        var described = topology.describe();
        described.globalStores().forEach(store -> text.append("global\n")
                .append(line(store.source()))
                .append(line(store.processor())));
        described.subtopologies().stream()
                .sorted(Comparator.comparingInt(Subtopology::id))
                .forEach(part -> text.append("part ")
                        .append(part.id())
                        .append('\n')
                        .append(part.nodes().stream()
                                .map(GoldenTopology::line)
                                .sorted()
                                .collect(Collectors.joining())));
        return text.toString();
    }

    private static String line(Node node) {
        String what = "";
        if (node instanceof Source source) {
            what = " reads " + sorted(source.topicSet());
        } else if (node instanceof Sink sink) {
            what = " writes " + sink.topic();
        } else if (node instanceof Processor processor && !processor.stores().isEmpty()) {
            what = " keeps " + sorted(processor.stores());
        }
        String next = node.successors().isEmpty()
                ? ""
                : " → " + sorted(node.successors().stream().map(Node::name).toList());
        return "  " + node.name() + what + next + "\n";
    }

    private static String sorted(Collection<String> names) {
        return String.join(", ", new TreeSet<>(names));
    }
}
