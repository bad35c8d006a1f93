package io.circuitstream.training;

import io.circuitstream.training.languagemodel.AnswerAccuracy;
import java.util.List;

/**
 * What {@code train model --json} prints.
 *
 * @param tasks on the development split: the test split is opened for published figures only
 * @param accuracy fraction of all prompts that are answered exactly
 * @param lossCurve mean loss since the point before
 */
record ModelResult(
        String split,
        List<TaskResult> tasks,
        double accuracy,
        int steps,
        double seconds,
        double tokensPerSecond,
        List<TrainingRun.Point> lossCurve) {

    record TaskResult(String task, int prompts, int exact, double accuracy) {}

    static ModelResult of(List<AnswerAccuracy> lines, TrainingRun run) {
        List<TaskResult> tasks = lines.stream()
                .map(line -> new TaskResult(line.task().id(), line.prompts(), line.exact(), line.fraction()))
                .toList();
        return new ModelResult(
                "development",
                tasks,
                AnswerAccuracy.overall(lines),
                run.steps(),
                Math.round(run.seconds() * 10) / 10.0,
                Math.round(run.tokensPerSecond()),
                run.losses());
    }
}
