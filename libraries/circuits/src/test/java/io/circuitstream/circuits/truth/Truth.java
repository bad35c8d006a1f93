package io.circuitstream.circuits.truth;

import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
        paths(kind).forEach(path -> {
            for (int i = 1; i < path.size(); i++) {
                edges.add(new Edge(path.get(i - 1), path.get(i)));
            }
        });
        return edges;
    }

    /** Of the names of nodes. */
    static String token(int position) {
        return "#" + position;
    }

    /** The words of a prompt, after the first token. */
    static List<String> prompt(String words) {
        return Stream.concat(Stream.of(Wiring.BOS), Arrays.stream(words.split(" ", -1)))
                .toList();
    }
}
