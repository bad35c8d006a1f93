package io.circuitstream.standalone.cli;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.standalone.trace.PromptFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /**
     * As they stand in the file, each with the settings of its line.
     *
     * @throws ParameterException when the file cannot be read or has no prompt
     */
    List<PromptSubmitted> prompts() throws IOException {
        Path from = file;
        if (from == null) {
            return PromptFile.read(Home.samples(), new RequestOptions()::request);
        }
        try {
            List<PromptSubmitted> prompts = PromptFile.read(from, new RequestOptions()::request);
            if (prompts.isEmpty()) {
                throw usage("--file " + from + " has no prompt");
            }
            return prompts;
        } catch (IOException e) {
            throw usage("--file " + from + " cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    /** Their texts alone. @throws ParameterException also when one has none */
    List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (PromptSubmitted prompt : prompts()) {
            String text = prompt.getText();
            if (text == null) {
                throw usage("--file " + file + " has a prompt that is no text: this takes texts only");
            }
            texts.add(text);
        }
        return texts;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
