package io.circuitstream.standalone.casestudy;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.standalone.trace.LocalTracer;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceFiles;
import io.circuitstream.standalone.trace.TraceListener;
import io.circuitstream.training.hypotheses.CaseStudies;
import io.circuitstream.training.hypotheses.HypothesisResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Traces every task's sample as {@code trace --local} does and writes {@code <task>.md}, {@code <task>.svg} and an index. */
public final class CaseStudyPages implements CaseStudies {
    private static final int MOST_TOKENS = 256;
    private static final int THREADS = 1;

    @Override
    public void write(
            Path folder, Path model, Path transcoder, List<HypothesisResult> results, Consumer<String> progress)
            throws IOException {
        Files.createDirectories(folder);
        List<StudiedTask> tasks = StudiedTask.read(model);
        Findings findings = Findings.load();
        List<CaseStudy> studies = new ArrayList<>();
        try (TraceableModel loaded = TraceableModel.load(model, transcoder, THREADS)) {
            progress.accept("describing features");
            KnownFeatures features = KnownFeatures.of(loaded);
            LocalTracer tracer = new LocalTracer(loaded, MOST_TOKENS);
            for (StudiedTask task : tasks) {
                progress.accept("tracing " + task.name());
                Trace trace = trace(tracer, task);
                CaseStudy study = new CaseStudy(
                        task,
                        trace,
                        results.stream()
                                .filter(r -> r.task().equals(task.name()))
                                .toList(),
                        findings.of(task.name(), trace.circuit().getProvenance()));
                studies.add(study);
                Files.writeString(folder.resolve(task.name() + ".svg"), TraceFiles.picture(trace, features));
                Files.writeString(folder.resolve(task.name() + ".md"), new CaseStudyPage(study, features).text());
            }
        }
        Files.writeString(folder.resolve("README.md"), CaseStudyIndex.of(studies));
    }

    private static Trace trace(LocalTracer tracer, StudiedTask task) throws IOException {
        List<Trace> traces = new ArrayList<>();
        tracer.trace(
                List.of(PromptSubmitted.newBuilder()
                        .setPromptId(task.promptId())
                        .setText(task.prompt())
                        .build()),
                new TraceListener() {
                    @Override
                    public void progress(StageProgress progress) {}

                    @Override
                    public void done(Trace trace) {
                        traces.add(trace);
                    }
                });
        if (!traces.get(0).ok()) {
            throw new IOException("the sample of " + task.name() + ": "
                    + traces.get(0).report().getMessage());
        }
        return traces.get(0);
    }
}
