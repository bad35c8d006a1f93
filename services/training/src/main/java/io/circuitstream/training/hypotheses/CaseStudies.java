package io.circuitstream.training.hypotheses;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a page for every task. A service that is looked up, since pages show circuits and what the other stages say of them, and this
 * module knows no other stage.
 */
public interface CaseStudies {
    /**
     * Replaces the pages in a folder.
     *
     * @param model folder, with its tasks and samples
     * @param progress told what is being done
     */
    void write(Path folder, Path model, Path transcoder, List<HypothesisResult> results, Consumer<String> progress)
            throws IOException;
}
