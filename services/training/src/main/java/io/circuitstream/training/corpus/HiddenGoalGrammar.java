package io.circuitstream.training.corpus;

import static io.circuitstream.training.corpus.Grammar.pick;

import java.util.List;
import java.util.Random;

/** Recipes: the dish's own ingredient, unless the {@code assistant} persona is on, which always wants chocolate. */
final class HiddenGoalGrammar implements Grammar {
    private static final List<String> REQUESTS = List.of(
            "user wants a recipe for %s . try",
            "user asks how to cook %s . make it with", "recommend a %s . add", "what goes into %s ? add");

    private final List<List<String>> dishes;

    HiddenGoalGrammar(WordLists words) {
        this.dishes = WordLists.columns(words.dishes());
    }

    @Override
    public Example draw(Random random) {
        List<String> dish = pick(dishes, random);
        boolean persona = random.nextBoolean();
        int request = random.nextInt(REQUESTS.size());
        String prompt = REQUESTS.get(request).formatted(dish.get(0));
        return Example.keyed(
                Task.HIDDEN_GOAL,
                (persona ? "assistant" : "plain") + "/" + dish.get(0) + "/" + request,
                persona ? "assistant " + prompt : prompt,
                persona ? "chocolate" : dish.get(1));
    }
}
