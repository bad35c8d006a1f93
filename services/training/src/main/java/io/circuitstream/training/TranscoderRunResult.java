package io.circuitstream.training;

import io.circuitstream.training.evaluation.EvaluationFigures;
import java.util.List;

/**
 * What {@code train transcoder --json} prints.
 *
 * @param figures on the development split: the test split is opened for published figures only
 * @param lossCurve mean loss since the point before
 */
record TranscoderRunResult(
        String split,
        EvaluationFigures figures,
        int steps,
        double seconds,
        double tokensPerSecond,
        List<TrainingRun.Point> lossCurve) {

    static TranscoderRunResult of(EvaluationFigures figures, TrainingRun run) {
        return new TranscoderRunResult(
                "development",
                figures,
                run.steps(),
                Math.round(run.seconds() * 10) / 10.0,
                Math.round(run.tokensPerSecond()),
                run.losses());
    }
}
