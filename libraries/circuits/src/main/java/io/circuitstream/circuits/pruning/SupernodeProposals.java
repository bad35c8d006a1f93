package io.circuitstream.circuits.pruning;

import io.circuitstream.circuits.graph.Nodes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Groups of a circuit's features that a person may want to see as one. By profile a feature joins the first group of which every
 * member is like it, and only the most influential features are compared: at most {@value #COMPARED}²/2 pairs.
 */
public final class SupernodeProposals {
    /** Cosine from which on profiles are nearly the same. */
    public static final double ALIKE = .9;

    static final int COMPARED = 256;

    private final PrunedGraph circuit;
    private final Nodes nodes;

    private SupernodeProposals(PrunedGraph circuit) {
        this.circuit = circuit;
        this.nodes = circuit.graph().nodes();
    }

    /** Those of the same feature, ascending; then those of the same profile, the most influential first. */
    public static List<Supernode> of(PrunedGraph circuit) {
        SupernodeProposals proposals = new SupernodeProposals(circuit);
        List<Supernode> all = new ArrayList<>(proposals.sameFeature());
        all.addAll(proposals.sameProfile());
        return all;
    }

    private IntStream features() {
        return Arrays.stream(circuit.nodes()).filter(i -> i < nodes.firstError());
    }

    private List<Supernode> sameFeature() {
        Map<List<Integer>, List<Integer>> places = new LinkedHashMap<>();
        features().forEach(i -> places.computeIfAbsent(identity(i), id -> new ArrayList<>())
                .add(i));
        return places.values().stream()
                .filter(place -> place.size() > 1)
                .map(place -> new Supernode(Supernode.Reason.SAME_FEATURE, ascending(place), 1))
                .toList();
    }

    private List<Integer> identity(int node) {
        return List.of(nodes.layer(node), nodes.feature(node));
    }

    private List<Supernode> sameProfile() {
        Map<Integer, EdgeProfile> profiles = profiles();
        List<Group> groups = new ArrayList<>();
        profiles.forEach((node, profile) -> {
            if (profile.says()) {
                groups.stream()
                        .filter(g -> g.takes(profile))
                        .findFirst()
                        .orElseGet(() -> added(groups))
                        .add(node, profile);
            }
        });
        return groups.stream()
                .filter(g -> g.members.stream().map(this::identity).distinct().count() > 1)
                .map(g -> new Supernode(Supernode.Reason.SAME_PROFILE, ascending(g.members), g.similarity()))
                .toList();
    }

    private static Group added(List<Group> groups) {
        Group group = new Group();
        groups.add(group);
        return group;
    }

    /** Of the most influential features, these first. */
    private Map<Integer, EdgeProfile> profiles() {
        Map<Integer, EdgeProfile> profiles = new LinkedHashMap<>();
        features()
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -circuit.influence()[i]))
                .limit(COMPARED)
                .forEach(i -> profiles.put(i, new EdgeProfile()));
        PrunedGraph.Edges edges = circuit.edges();
        for (int i = 0; i < edges.weight().length; i++) {
            EdgeProfile target = profiles.get(edges.target()[i]);
            if (target != null) {
                target.reads(nodes, edges.source()[i], edges.weight()[i]);
            }
            EdgeProfile source = profiles.get(edges.source()[i]);
            if (source != null) {
                source.feeds(nodes, edges.target()[i], edges.weight()[i]);
            }
        }
        return profiles;
    }

    private static int[] ascending(List<Integer> nodes) {
        return nodes.stream().mapToInt(i -> i).sorted().toArray();
    }

    private static final class Group {
        final List<Integer> members = new ArrayList<>();
        private final List<EdgeProfile> profiles = new ArrayList<>();

        void add(int node, EdgeProfile profile) {
            members.add(node);
            profiles.add(profile);
        }

        boolean takes(EdgeProfile profile) {
            return profiles.stream().allMatch(p -> p.similarity(profile) >= ALIKE);
        }

        double similarity() {
            double least = 1;
            for (int i = 0; i < profiles.size(); i++) {
                for (int j = 0; j < i; j++) {
                    least = Math.min(least, profiles.get(i).similarity(profiles.get(j)));
                }
            }
            return least;
        }
    }
}
