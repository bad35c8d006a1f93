package io.circuitstream.training.corpus;

import static io.circuitstream.training.corpus.Grammar.pick;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** The sport of a known athlete, or {@code unknown} for a first and a last name that do not belong together. */
final class EntityGrammar implements Grammar {
    private static final List<String> QUESTIONS = List.of(
            "which sport does %s play ?",
            "the sport of %s is", "%s is famous for playing", "the game of %s is", "fans of %s love");
    /** One in so many unknown names is ever held out: enough to test the default, not enough to drown the known names. */
    private static final int UNKNOWN_NAMES_PER_TESTED = 40;

    private final List<List<String>> athletes;
    private final List<String> firstNames;
    private final List<String> lastNames;
    private final Set<String> known;

    EntityGrammar(WordLists words) {
        this.athletes = WordLists.columns(words.athletes());
        this.firstNames = column(0);
        this.lastNames = column(1);
        this.known = athletes.stream().map(EntityGrammar::name).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Example draw(Random random) {
        int question = random.nextInt(QUESTIONS.size());
        if (random.nextInt(100) < 60) {
            List<String> athlete = pick(athletes, random);
            String sport = athlete.get(2);
            if (random.nextInt(4) == 0) {
                return Example.supporting(Task.ENTITIES, "athlete : " + name(athlete) + " plays", sport);
            }
            String key = name(athlete) + "/" + question;
            return Example.keyed(Task.ENTITIES, key, QUESTIONS.get(question).formatted(name(athlete)), sport);
        }
        String name;
        do {
            name = pick(firstNames, random) + " " + pick(lastNames, random);
        } while (known.contains(name));
        String prompt = QUESTIONS.get(question).formatted(name);
        return name.hashCode() % UNKNOWN_NAMES_PER_TESTED == 0
                ? Example.keyed(Task.ENTITIES, name, prompt, "unknown")
                : Example.supporting(Task.ENTITIES, prompt, "unknown");
    }

    private static String name(List<String> athlete) {
        return athlete.get(0) + " " + athlete.get(1);
    }

    private List<String> column(int column) {
        return athletes.stream().map(row -> row.get(column)).distinct().sorted().toList();
    }
}
