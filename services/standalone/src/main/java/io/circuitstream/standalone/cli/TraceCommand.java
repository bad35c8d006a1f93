package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.standalone.trace.KafkaTracer;
import io.circuitstream.standalone.trace.LocalTracer;
import io.circuitstream.standalone.trace.PromptFile;
import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.standalone.trace.TraceFiles;
import io.circuitstream.standalone.trace.TraceJson;
import io.circuitstream.standalone.trace.TracePrinter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exit 0 when every prompt was traced, 1 when one FAILED. */
@Command(
        name = "trace",
        description = "Traces prompts: by a deployment through Kafka, or with --local in this process.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TraceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PROMPT", arity = "0..*", description = "prompts to trace")
    List<String> texts = new ArrayList<>();

    @Option(
            names = "--chat",
            paramLabel = "MESSAGE",
            description =
                    "what a user says, for instruction models: written out by the model's chat template (repeatable)")
    List<String> chats = new ArrayList<>();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "prompts, one a line, as text or as JSON with the fields of PromptSubmitted")
    @Nullable
    Path file;

    @Option(names = "--local", description = "compute in this process, without Kafka")
    boolean local;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    boolean json;

    @Option(
            names = "--export",
            paramLabel = "FILE",
            description = "write the circuit as Neuronpedia graph JSON (one prompt)")
    @Nullable
    Path export;

    @Option(
            names = "--picture",
            paramLabel = "FILE.svg",
            description = "draw the circuit as SVG: its strongest nodes and edges, the others counted (one prompt)")
    @Nullable
    Path picture;

    @Option(
            names = "--save-graph",
            paramLabel = "FILE",
            description = "write the unpruned graph as safetensors (one prompt)")
    @Nullable
    Path saveGraph;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "longest time without news from a deployment (default: ${DEFAULT-VALUE})",
            defaultValue = "60")
    int patience;

    @Mixin
    RequestOptions request = new RequestOptions();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        List<PromptSubmitted> prompts = prompts();
        if (!local && model.given()) {
            throw usage("--model, --transcoder and --threads go with --local: a deployment has its own");
        }
        boolean files = export != null || picture != null || saveGraph != null;
        if (files && prompts.size() != 1) {
            throw usage("--export, --picture and --save-graph take one prompt, not " + prompts.size());
        }
        Output output = new Output(json);
        if (local) {
            long start = System.nanoTime();
            try (TraceableModel loaded = TraceableModel.load(model.model(), model.transcoder(), model.threads())) {
                output.loadMs = (System.nanoTime() - start) / 1_000_000;
                new LocalTracer(loaded, model.maxTokens).trace(prompts, listener(prompts, output));
            }
        } else {
            try (KafkaTracer tracer = new KafkaTracer(kafka.settings(), files)) {
                tracer.trace(prompts, Duration.ofSeconds(patience), listener(prompts, output));
            }
        }
        return output.finish();
    }

    private ProgressLine listener(List<PromptSubmitted> prompts, Output output) {
        return new ProgressLine(System.err, prompts.size(), trace -> {
            output.accept(trace);
            write(trace);
        });
    }

    private void write(Trace trace) {
        try {
            if (trace.ok() && export != null) {
                TraceFiles.export(export, trace);
            }
            if (trace.ok() && picture != null) {
                TraceFiles.picture(picture, trace);
            }
            if (trace.ok() && saveGraph != null) {
                TraceFiles.saveGraph(saveGraph, trace);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<PromptSubmitted> prompts() {
        List<PromptSubmitted> prompts = new ArrayList<>();
        texts.forEach(text -> prompts.add(request.request(text).build()));
        chats.forEach(message -> prompts.add(request.chat(message).build()));
        if (file != null) {
            try {
                prompts.addAll(PromptFile.read(file, request::request));
            } catch (IOException e) {
                throw usage("--file " + file + " cannot be read: " + e.getMessage());
            } catch (IllegalArgumentException e) {
                throw usage(String.valueOf(e.getMessage()));
            }
        }
        if (prompts.isEmpty()) {
            throw usage("give a prompt, --chat or --file");
        }
        return prompts;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Prints results as they come, or collects them into one JSON document: an array when there are several. */
    static final class Output {
        private final boolean json;
        private final TracePrinter printer = new TracePrinter(Terminal.stdoutIsTerminal());
        private final ArrayNode documents = new ObjectMapper().createArrayNode();
        private boolean failed;
        long loadMs;

        Output(boolean json) {
            this.json = json;
        }

        void accept(Trace trace) {
            failed |= !trace.ok();
            if (json) {
                documents.add(TraceJson.of(trace, loadMs));
            } else {
                System.out.println(printer.of(trace));
            }
        }

        int finish() {
            if (json) {
                System.out.println((documents.size() == 1 ? documents.get(0) : documents).toPrettyString());
            }
            return failed ? 1 : 0;
        }
    }
}
