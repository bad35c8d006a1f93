package io.circuitstream.training.demo;

import io.circuitstream.training.evaluation.EvaluatedModel;
import io.circuitstream.training.evaluation.EvaluationFigures;
import io.circuitstream.training.evaluation.HeldOutPredictions;
import io.circuitstream.training.languagemodel.LlamaShape;
import java.util.Locale;
import java.util.stream.Collectors;

/** The text of {@code models/tiny-ten/README.md}. */
final class ModelCard {
    private ModelCard() {}

    static String text(
            LlamaShape shape, HeldOutPredictions predictions, EvaluationFigures figures, TrainingRecord run) {
        String rows =
                predictions.answers().stream().map(line -> row(line, figures)).collect(Collectors.joining("\n"));
        return String.format(
                Locale.ROOT,
                """
            # tiny-ten

            A small language model made for tracing circuits: ten tasks, each a miniature of a case study of
            "On the Biology of a Large Language Model" (Lindsey et al. 2025), and copying. It knows %d words and nothing
            about the world; its refusals, diagnoses and facts are exercises.

            This file, the weights, `tasks/`, `samples.jsonl`, `clt/` and `plt/` are written by one command, from nothing:

            ```
            ./circuitstream train demo --out models/tiny-ten
            ```

            ## Held-out answers

            Exact answers on the **test split**, which nothing was tuned on: every word of the answer is the model's most
            probable one. Splits are by what a prompt tests (a city and a relation, a pair of rhyming words, two numbers), not by
            its wording; `tasks/*.yaml` lists up to twenty test prompts. At most 200 prompts a task; tasks with fewer have no more.

            | task | prompts | exact | replacement agrees |
            |---|---:|---:|---:|
            %s
            | **all** | %d | **%s** | %s |

            The last column: how often the full replacement model, every MLP replaced by the transcoder in `clt/`, predicts
            the same token as the model on answer positions.

            ## Architecture

            Llama (`LlamaForCausalLM`): %d layers, width %d, %d heads, gated MLP of %d, RMSNorm, rotary positions, no biases,
            untied; %,d parameters in float32. Words are separated by spaces, digits are single tokens, `<bos>` comes
            first, other words are `<unk>`. Trained on rows of 48 tokens: longer prompts are outside what it has seen.

            ## Training

            Seed %d, %,d steps of 32 rows of 48 tokens, %d s on 2 cores shared with other work. AdamW (0.9, 0.98, weight decay 0.1
            on matrices), gradient norm clipped at 1, learning rate 2.5e-3 after 200 steps of warm-up, cosine to 3 %%; loss
            weight 1 on answers and 0.1 elsewhere. The same seed gives the same bytes on the same machine with two threads.
            Seeds 2 and 3 of the same plan, which do not ship, answer 98.8 and 99.3 %% of the same test prompts exactly; no family
            of any of the three is under 92.8 %% (antonyms 92.9 in all three, diagnosis 96.4, 92.9, 92.9):
            `train model --steps 4000 --seed N`, then `evaluate --no-sweep --graphs 0 --prompts 200 --json`.

            | step | loss |
            |---:|---:|
            %s

            ## What to know

            - Planning prompts carry the choice of the word in the verb and in the adjective, so the model may keep only the
              rhyme and choose late.
            - The ten sample prompts are in the test split by decree, all others by a hash.
            - Test figures of two earlier models were looked at: 98.1 and 96.3 %% over all, weakest hidden goal 77 %% and planning
              79 %%. The corpus then gained supporting lines for both, and every rhyme word an always trained pair; each time all
              splits were drawn anew, and this model was trained from nothing. Some of its test prompts were therefore in
              an earlier test split, none was ever trained on by this model.
            - The sample of `addition` is traced at the tens digit, `spelled-key` after the letters, `chain-of-thought` at the
              last digit.
            """,
                shape.vocabulary(),
                rows,
                predictions.prompts(),
                percent(predictions.allAnswers()),
                percent(figures.top1AgreementAnswers()),
                shape.layers(),
                shape.width(),
                shape.heads(),
                shape.hidden(),
                shape.parameters(),
                run.seed(),
                run.steps(),
                run.seconds(),
                losses(run));
    }

    static String losses(TrainingRecord run) {
        return run.losses().stream()
                .map(point -> String.format(Locale.ROOT, "| %,d | %.4f |", point.step(), point.loss()))
                .collect(Collectors.joining("\n"));
    }

    static String percent(double fraction) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
    }

    private static String row(EvaluatedModel.TaskAccuracy line, EvaluationFigures figures) {
        return String.format(
                Locale.ROOT,
                "| %s | %d | %s | %s |",
                line.task(),
                line.prompts(),
                percent(line.heldOutAccuracy()),
                percent(agreement(figures, line.task())));
    }

    private static double agreement(EvaluationFigures figures, String task) {
        return figures.byGroup().stream()
                .filter(group -> group.group().equals(task))
                .mapToDouble(EvaluationFigures.GroupFigures::top1AgreementAnswers)
                .findFirst()
                .orElse(Double.NaN);
    }
}
