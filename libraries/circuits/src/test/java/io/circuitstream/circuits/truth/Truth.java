package io.circuitstream.circuits.truth;

import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A prompt's circuit, as paths that the construction has. Nodes: {@code #p} for the token at a position, {@code name@p} for
 * a feature, {@link #LOGIT} for the target.
 */
final class Truth {
    static final String LOGIT = "logit";

    /** From source to target. */
    record Edge(String source, String target) {}

    private final List<List<String>> paths = new ArrayList<>();

    Truth path(String... nodes) {
        paths.add(List.of(nodes));
        return this;
    }

    /** In a CLT there are no relays. */
    private Stream<List<String>> paths(Kind kind) {
        return paths.stream().map(path -> path.stream()
                .filter(node -> kind == Kind.PER_LAYER || !Feature.isRelay(node))
                .toList());
    }

    /** Tokens and features. */
    Set<String> nodes(Kind kind) {
        Set<String> nodes = new HashSet<>();
        paths(kind).forEach(nodes::addAll);
        nodes.remove(LOGIT);
        return nodes;
    }

    Set<Edge> edges(Kind kind) {
        Set<Edge> edges = new HashSet<>();
        paths(kind).forEach(path -> edges.addAll(edges(path)));
        return edges;
    }

    /** From each node of a path to the next. */
    static List<Edge> edges(List<String> path) {
        return IntStream.range(1, path.size())
                .mapToObj(i -> new Edge(path.get(i - 1), path.get(i)))
                .toList();
    }

    /** Of the names of nodes. */
    static String token(int position) {
        return "#" + position;
    }

    static boolean isToken(String node) {
        return node.startsWith("#");
    }

    /** The words of a prompt, after the first token. */
    static List<String> prompt(String words) {
        return Stream.concat(Stream.of(Wiring.BOS), Arrays.stream(words.split(" ", -1)))
                .toList();
    }
}
