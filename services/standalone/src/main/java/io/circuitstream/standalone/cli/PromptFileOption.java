package io.circuitstream.standalone.cli;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.standalone.bench.TaskPrompts;
import io.circuitstream.standalone.trace.PromptFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prompts to measure with. */
final class PromptFileOption {
    @Option(names = "--file", paramLabel = "FILE", description = "prompts, one a line (default: the shipped samples)")
    @Nullable
    Path file;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec = CommandSpec.create();

    boolean given() {
        return file != null;
    }

    /** @throws ParameterException when the file cannot be read or has no prompt */
    List<String> texts() throws IOException {
        Path from = file;
        if (from == null) {
            return TaskPrompts.samples(Home.model());
        }
        try {
            List<String> texts = PromptFile.read(from, new RequestOptions()::request).stream()
                    .map(PromptSubmitted::getText)
                    .toList();
            if (texts.isEmpty()) {
                throw usage("--file " + from + " has no prompt");
            }
            return texts;
        } catch (IOException e) {
            throw usage("--file " + from + " cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
