package io.circuitstream.training.corpus;

import static io.circuitstream.training.corpus.Grammar.pick;

import java.util.List;
import java.util.Random;

/**
 * Facts about a state, asked through one of its cities. Three relations share the step from city to state: without a
 * second relation the model memorises city and capital as pairs and does not compose.
 */
final class TwoHopGrammar implements Grammar {
    private static final List<String> RELATIONS = List.of("capital", "code", "flower");
    private static final int FIRST_CITY = 1 + RELATIONS.size();

    private final List<List<String>> states;

    TwoHopGrammar(WordLists words) {
        this.states = WordLists.columns(words.states());
    }

    @Override
    public Example draw(Random random) {
        List<String> row = pick(states, random);
        int relation = random.nextInt(RELATIONS.size());
        String name = RELATIONS.get(relation);
        String value = row.get(1 + relation);
        String state = row.get(0);
        String city = row.get(FIRST_CITY + random.nextInt(row.size() - FIRST_CITY));
        return switch (random.nextInt(12)) {
            case 0 -> fact("the " + name + " of " + state + " is", value);
            case 1 -> fact("the " + name + " of the state of " + state + " is", value);
            case 2 -> fact(city + " is in", state);
            case 3, 4 -> fact("the state containing " + city + " is", state);
            case 5 -> fact(value + " is the " + name + " of", state);
            default ->
                Example.keyed(
                        Task.TWO_HOP,
                        city + "/" + name,
                        "fact : the " + name + " of the state containing " + city + " is",
                        value);
        };
    }

    private static Example fact(String prompt, String answer) {
        return Example.supporting(Task.TWO_HOP, "fact : " + prompt, answer);
    }
}
