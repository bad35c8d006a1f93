package io.circuitstream.dashboard.traces;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.GraphImported;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.ValidationReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one prompt. The same events give the same, in whatever order they come: topics are read side by side, so a
 * result may be seen before its prompt.
 *
 * @param marks one for each stage with a result, in the order of the stages
 * @param failure of the first stage that failed, null when none did
 * @param imported whether another program made it
 */
public record Trace(
        String promptId,
        Submission submission,
        List<Mark> marks,
        @Nullable Failure failure,
        @Nullable Model model,
        @Nullable InferenceFigures inference,
        @Nullable GraphFigures graph,
        @Nullable CircuitFigures circuit,
        @Nullable ReportFigures report,
        boolean imported) {

    /** Why a stage failed. */
    public record Failure(Stage stage, String message) {}

    /**
     * With one more event.
     *
     * @param before null for the first event of the prompt
     * @param event of the mark's stage
     * @return {@code before} when the event is none that belongs to a prompt
     */
    public static Trace with(@Nullable Trace before, String promptId, Mark mark, SpecificRecord event) {
        if (event instanceof PromptSubmitted prompt) {
            return started(before, promptId, mark, prompt, true);
        } else if (event instanceof InferenceCompleted result) {
            return started(before, promptId, mark, result.getRequest(), false).inferred(mark, result);
        } else if (event instanceof AttributionGraph result) {
            return started(before, promptId, mark, result.getRequest(), false).attributed(mark, result);
        } else if (event instanceof Circuit result) {
            return started(before, promptId, mark, result.getRequest(), false).pruned(mark, result);
        } else if (event instanceof ValidationReport result) {
            return started(before, promptId, mark, result.getRequest(), false).validated(mark, result);
        } else if (event instanceof GraphImported result) {
            return started(before, promptId, mark, result.getCircuit().getRequest(), true)
                    .imported(result);
        }
        throw new IllegalArgumentException(event.getSchema().getName() + " is no event of a prompt");
    }

    private static Trace started(
            @Nullable Trace before, String promptId, Mark mark, PromptSubmitted request, boolean sent) {
        Submission submission = Submission.of(request, mark.at(), sent);
        if (before == null) {
            return new Trace(promptId, submission, List.of(mark), null, null, null, null, null, null, false);
        }
        return new Trace(
                promptId,
                before.submission.or(submission),
                marked(before.marks, mark),
                before.failure,
                before.model,
                before.inference,
                before.graph,
                before.circuit,
                before.report,
                before.imported);
    }

    /** The newest result of a stage counts; of a prompt that was sent again, the first sending. */
    private static List<Mark> marked(List<Mark> marks, Mark mark) {
        List<Mark> all = new ArrayList<>(marks);
        Optional<Mark> same =
                all.stream().filter(m -> m.stage() == mark.stage()).findFirst();
        if (same.isPresent() && mark.stage() == Stage.PROMPTS) {
            return marks;
        }
        same.ifPresent(all::remove);
        all.add(mark);
        all.sort(Comparator.comparing(Mark::stage));
        return List.copyOf(all);
    }

    private Trace inferred(Mark mark, InferenceCompleted event) {
        Trace next = settled(mark, event.getStatus(), event.getMessage(), event.getProvenance());
        InferenceFigures figures = event.getStatus() == Status.FAILED ? null : InferenceFigures.of(event);
        return next.figures(figures, graph, circuit, report);
    }

    private Trace attributed(Mark mark, AttributionGraph event) {
        Trace next = settled(mark, event.getStatus(), event.getMessage(), event.getProvenance());
        GraphFigures figures = event.getStatus() == Status.FAILED ? null : GraphFigures.of(event);
        return next.figures(inference, figures, circuit, report);
    }

    private Trace pruned(Mark mark, Circuit event) {
        Trace next = settled(mark, event.getStatus(), event.getMessage(), event.getProvenance());
        CircuitFigures figures = event.getStatus() == Status.FAILED ? null : CircuitFigures.of(event);
        return next.figures(inference, graph, figures, report);
    }

    private Trace validated(Mark mark, ValidationReport event) {
        Trace next = settled(mark, event.getStatus(), event.getMessage(), event.getProvenance());
        ReportFigures figures = event.getStatus() == Status.FAILED ? null : ReportFigures.of(event);
        return next.figures(inference, graph, circuit, figures);
    }

    private Trace imported(GraphImported event) {
        Circuit file = event.getCircuit();
        InferenceFigures tokens = new InferenceFigures(
                file.getRequest().getText(),
                List.copyOf(file.getTokens()),
                List.of(),
                features(file),
                file.getLayers(),
                null);
        return new Trace(
                promptId,
                submission,
                marks,
                null,
                Model.of(file.getProvenance()),
                tokens,
                GraphFigures.of(file),
                CircuitFigures.of(file),
                null,
                true);
    }

    private static int features(Circuit circuit) {
        return (int) circuit.getNodes().stream()
                .filter(node -> node.getKind() == NodeKind.FEATURE)
                .count();
    }

    /** A stage that is reached after another failed repeats its message, so the first one says where it was. */
    private Trace settled(Mark mark, Status status, @Nullable String message, Provenance provenance) {
        Failure next = failure;
        if (status == Status.FAILED) {
            String reason = message == null ? "failed without a message" : message;
            next = failure == null || mark.stage().compareTo(failure.stage) <= 0
                    ? new Failure(mark.stage(), reason)
                    : failure;
        } else if (failure != null && failure.stage == mark.stage()) {
            next = null; // computed anew, with success
        }
        Model ran = provenance.getModelHash().isEmpty() ? model : Model.of(provenance);
        return new Trace(promptId, submission, marks, next, ran, inference, graph, circuit, report, imported);
    }

    private Trace figures(
            @Nullable InferenceFigures inference,
            @Nullable GraphFigures graph,
            @Nullable CircuitFigures circuit,
            @Nullable ReportFigures report) {
        return new Trace(promptId, submission, marks, failure, model, inference, graph, circuit, report, imported);
    }

    public State state() {
        if (failure != null) {
            return State.FAILED;
        }
        boolean complete = imported || report != null || (circuit != null && !submission.validated());
        return complete ? State.COMPLETED : State.RUNNING;
    }

    /** The last stage with a result. */
    public Stage stage() {
        return marks.get(marks.size() - 1).stage();
    }

    /** What was sent as text, else what the model's template made of messages; null while neither is known. */
    public @Nullable String text() {
        String sent = submission.text();
        return sent == null && inference != null ? inference.text() : sent;
    }

    public Optional<Mark> mark(Stage stage) {
        return marks.stream().filter(mark -> mark.stage() == stage).findFirst();
    }

    /** Milliseconds from the result of the stage before to that of this one; empty while one of them is missing. */
    public Optional<Long> millis(Stage stage) {
        return stage.before().flatMap(this::mark).flatMap(from -> mark(stage)
                .map(to -> Math.max(0, to.at() - from.at())));
    }

    /** When the newest of its results was written. */
    public long updatedAt() {
        return marks.stream().mapToLong(Mark::at).max().orElseThrow();
    }
}
