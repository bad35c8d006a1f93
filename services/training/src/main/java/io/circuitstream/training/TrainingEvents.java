package io.circuitstream.training;

import io.circuitstream.events.ProgressState;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.TrainingProgress;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ProgressPublisher;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run's progress as events, for whoever watches from elsewhere. Training neither waits for it nor fails of it: what
 * cannot be sent is dropped, and how much that was is told when this is closed. Used by one thread.
 */
final class TrainingEvents implements Consumer<Progress>, AutoCloseable {
    private static final ProgressPublisher.Feed<TrainingProgress> FEED = new ProgressPublisher.Feed<>(
            Event.TRAINING,
            TrainingProgress.class,
            TrainingProgress::getRunId,
            progress -> progress.getState() == ProgressState.RUNNING);
    private static final Progress NO_STEP = new Progress("", 0, 0, 0, 0, 0, "");

    private final RunIdentity run;
    private final Consumer<TrainingProgress> sink;
    private final Runnable onClose;
    private final long start = System.nanoTime();
    private Progress last = NO_STEP;

    /** @param sink neither blocks nor throws */
    TrainingEvents(RunIdentity run, Consumer<TrainingProgress> sink, Runnable onClose) {
        this.run = run;
        this.sink = sink;
        this.onClose = onClose;
    }

    /** For a run that nobody watches from elsewhere. */
    static TrainingEvents none() {
        return new TrainingEvents(new RunIdentity("", "", "", "", ""), progress -> {}, () -> {});
    }

    /** To the training topic of the deployment that the settings name; connects to nothing yet. */
    static TrainingEvents to(Settings settings, RunIdentity run, Consumer<String> tell) {
        EventClasses.trust();
        ServiceContext context = ServiceContext.of("training", settings, ProgressSink.NONE);
        ProgressPublisher<TrainingProgress> publisher = ProgressPublisher.of(context, FEED, () -> {});
        return new TrainingEvents(run, publisher::publish, () -> {
            publisher.close();
            context.close();
            if (publisher.undelivered() > 0) {
                tell.accept(publisher.undelivered() + " events of run " + run.runId() + " did not reach topic "
                        + context.topic(Event.TRAINING) + " at " + settings.get(CommonSettings.BOOTSTRAP_SERVERS)
                        + " (registry " + settings.get(CommonSettings.REGISTRY_URL)
                        + "): check that both answer, and run `circuitstream topics --apply`");
            }
        });
    }

    /** Does the work between a STARTED and a COMPLETED or FAILED; what it throws comes out unchanged. */
    void during(TrainingConsole.Work work) throws IOException {
        publish(ProgressState.STARTED, last, null);
        try {
            work.run();
            publish(ProgressState.COMPLETED, last, null);
        } catch (IOException | RuntimeException | Error e) {
            publish(ProgressState.FAILED, last, e.getMessage() == null ? e.toString() : e.getMessage());
            throw e;
        }
    }

    @Override
    public void accept(Progress progress) {
        last = progress;
        publish(ProgressState.RUNNING, progress, null);
    }

    private void publish(ProgressState state, Progress progress, @Nullable String message) {
        SparsityFigures sparsity = progress.sparsity();
        sink.accept(TrainingProgress.newBuilder()
                .setRunId(run.runId())
                .setJob(run.job())
                .setName(run.name())
                .setKind(run.kind())
                .setActivation(run.activation())
                .setState(state)
                .setStep(progress.step())
                .setSteps(progress.steps())
                .setTokens(progress.tokens())
                .setLoss(known(progress.loss()))
                .setSquaredError(known(sparsity.squaredError()))
                .setPenalty(known(sparsity.penalty()))
                .setL0(known(sparsity.l0()))
                .setL0ByLayer(known(sparsity.l0ByLayer()))
                .setNormalisedMseByLayer(known(sparsity.normalisedMseByLayer()))
                .setDeadFraction(known(sparsity.deadFraction()))
                .setLambda(known(sparsity.lambda()))
                .setLearningRate(known(progress.learningRate()))
                .setTokensPerSecond(known(progress.tokensPerSecond()))
                .setSecondsLeft(state == ProgressState.RUNNING ? known(progress.secondsLeft()) : 0)
                .setElapsedMs((System.nanoTime() - start) / 1_000_000)
                .setMessage(message)
                .setEmittedAt(Instant.now())
                .build());
    }

    /** The events' readers draw charts: 0 stands for what is not known. */
    private static double known(double value) {
        return Double.isFinite(value) ? value : 0;
    }

    private static List<Float> known(float[] values) {
        List<Float> known = new ArrayList<>(values.length);
        for (float value : values) {
            known.add(Float.isFinite(value) ? value : 0);
        }
        return known;
    }

    /** Waits up to two seconds for what is on its way. */
    @Override
    public void close() {
        onClose.run();
    }
}
