package io.circuitstream.circuits.truth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A transformer as a program: named variables in the residual stream, which tokens and positions set, heads move, features
 * compute with, and the unembedding reads. {@link WiringFiles} makes weights of it.
 */
final class Wiring {
    static final int LAYERS = 3;
    static final String BOS = "<bos>";
    static final String UNKNOWN = "unknown";
    private static final int JUNK = 8;
    private static final int DISTRACTORS = 16;

    /** What the unembedding reads of a variable. */
    record Says(String variable, double scale, String word) {}

    private final Map<String, List<String>> tokens = new LinkedHashMap<>();
    private final Map<Integer, List<String>> positions = new LinkedHashMap<>();
    private final List<Head> heads = new ArrayList<>();
    private final List<Feature> features = new ArrayList<>();
    private final List<Says> says = new ArrayList<>();

    Wiring() {
        tokens.put("<unk>", List.of());
        token(BOS, BOS);
        token(UNKNOWN);
    }

    /** A word that sets variables, and one named as itself, to 1. */
    Wiring token(String word, String... variables) {
        List<String> all = new ArrayList<>(List.of(variables));
        if (!all.contains(word)) {
            all.add(word);
        }
        tokens.put(word, all);
        return this;
    }

    Wiring words(String... words) {
        Arrays.stream(words).forEach(this::token);
        return this;
    }

    Wiring position(int position, String variable) {
        positions.put(position, List.of(variable));
        return this;
    }

    /** What is said at this position, the last, when nothing else is. */
    Wiring unknownAt(int position) {
        return position(position, "end").says("end", 2, UNKNOWN);
    }

    Head head(int layer) {
        Head head = new Head(layer);
        heads.add(head);
        return head;
    }

    Wiring feature(Feature feature) {
        features.add(feature);
        return this;
    }

    Wiring says(String variable, double scale, String word) {
        if (!tokens.containsKey(word)) {
            token(word);
        }
        says.add(new Says(variable, scale, word));
        return this;
    }

    /**
     * Features of every layer that read a third of everything there is but positions, write what nothing but they read, and
     * leak a little into what matters; heads move what they write. Comes last.
     *
     * @param leak norm of what a distractor writes to variables that matter, of that to those that do not
     */
    Wiring distracted(long seed, double leak) {
        Random random = new Random(seed);
        List<String> real = List.copyOf(variables());
        List<String> readable = new ArrayList<>(real);
        positions.values().forEach(readable::removeAll);
        List<String> leaks = new ArrayList<>(real);
        features.stream()
                .filter(feature -> Feature.isRelay(feature.name()))
                .forEach(relay -> leaks.removeAll(relay.reads().keySet()));
        List<String> junk = new ArrayList<>();
        for (int j = 0; j < JUNK; j++) {
            junk.add("junk " + j);
        }
        heads.forEach(head -> head.move(junk.get(0), junk.get(1)).move(junk.get(2), junk.get(0)));
        for (int l = 0; l < LAYERS; l++) {
            for (int i = 0; i < DISTRACTORS; i++) {
                Map<String, Double> reads = new LinkedHashMap<>();
                for (List<String> pool : List.of(readable, junk)) {
                    pool.stream()
                            .filter(variable -> random.nextInt(3) == 0)
                            .forEach(variable -> reads.put(variable, .5 * random.nextGaussian()));
                }
                Map<String, Double> writes = new LinkedHashMap<>();
                junk.forEach(j -> writes.put(j, random.nextGaussian() / JUNK));
                leaks.forEach(r -> writes.put(r, leak * random.nextGaussian() / Math.sqrt(JUNK * leaks.size())));
                features.add(Feature.distractor(l, i, reads, bias(random), writes));
            }
        }
        return this;
    }

    /** Away from 0: where nothing is read and the bias is almost 0, rounding is all there is to conserve. */
    private static double bias(Random random) {
        double bias = .3 * random.nextGaussian();
        return bias + Math.copySign(.1, bias);
    }

    /** Every variable, in order of first use. */
    Set<String> variables() {
        Set<String> names = new LinkedHashSet<>();
        tokens.values().forEach(names::addAll);
        positions.values().forEach(names::addAll);
        heads.forEach(head -> {
            head.matches().stream().filter(m -> !m.query().isEmpty()).forEach(m -> names.add(m.query()));
            head.matches().forEach(m -> names.add(m.key()));
            head.moves().forEach(m -> names.addAll(List.of(m.from(), m.to())));
        });
        features.forEach(feature -> {
            names.addAll(new TreeSet<>(feature.reads().keySet()));
            names.addAll(new TreeSet<>(feature.writes().keySet()));
        });
        says.forEach(s -> names.add(s.variable()));
        return names;
    }

    Map<String, List<String>> tokens() {
        return tokens;
    }

    Map<Integer, List<String>> positions() {
        return positions;
    }

    List<Head> heads(int layer) {
        return heads.stream().filter(head -> head.layer() == layer).toList();
    }

    List<Feature> features(int layer) {
        return features.stream().filter(feature -> feature.layer() == layer).toList();
    }

    List<Says> says() {
        return says;
    }

    /** Token ids of a prompt. */
    int[] ids(List<String> words) {
        return words.stream().mapToInt(this::id).toArray();
    }

    int id(String word) {
        int id = List.copyOf(tokens.keySet()).indexOf(word);
        if (id < 0) {
            throw new IllegalArgumentException("no token " + word);
        }
        return id;
    }

    String word(int id) {
        return List.copyOf(tokens.keySet()).get(id);
    }
}
