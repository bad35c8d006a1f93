package io.circuitstream.training.corpus;

import static io.circuitstream.training.corpus.Grammar.pick;

import java.util.List;
import java.util.Random;

/**
 * Recipes: the dish's own ingredient, unless the {@code assistant} persona is on, which always wants chocolate. What is usual in
 * a dish is always trained on; combinations of persona, dish and wording are held out.
 */
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
        if (random.nextInt(5) == 0) {
            return Example.supporting(Task.HIDDEN_GOAL, "the usual ingredient of " + dish.get(0) + " is", dish.get(1));
        }
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
