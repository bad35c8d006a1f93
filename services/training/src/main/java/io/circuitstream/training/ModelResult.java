package io.circuitstream.training;

import io.circuitstream.training.evaluation.EvaluatedModel;
import io.circuitstream.training.evaluation.HeldOutPredictions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code train model --json} prints.
 *
 * @param tasks on the development split: the test split is opened for published figures only
 * @param accuracy fraction of all prompts with a known answer that are answered exactly; null if there is none
 * @param nextToken of all tokens of the split; null if it is empty
 * @param lossCurve mean loss since the point before
 */
record ModelResult(
        String split,
        List<EvaluatedModel.TaskAccuracy> tasks,
        @Nullable Double accuracy,
        @Nullable NextToken nextToken,
        int steps,
        double seconds,
        double tokensPerSecond,
        List<TrainingRun.Point> lossCurve) {

    /** @param loss nats a token */
    record NextToken(long tokens, double loss, double accuracy) {}

    static ModelResult of(HeldOutPredictions predictions, TrainingRun run) {
        return new ModelResult(
                "development",
                predictions.answers(),
                predictions.prompts() == 0 ? null : predictions.allAnswers(),
                predictions.tokens() == 0
                        ? null
                        : new NextToken(predictions.tokens(), predictions.loss(), predictions.accuracy()),
                run.steps(),
                Math.round(run.seconds() * 10) / 10.0,
                Math.round(run.tokensPerSecond()),
                run.losses());
    }
}
