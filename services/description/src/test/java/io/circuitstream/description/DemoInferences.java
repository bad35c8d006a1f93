package io.circuitstream.description;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.inference.InferenceStage;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The shipped model's inferences on texts of the corpus' development split. */
final class DemoInferences {
    private static final Path MODEL = Path.of("../../models/tiny-ten");

    private DemoInferences() {}

    static TraceableModel model() {
        return TraceableModel.load(MODEL, MODEL.resolve("clt"), 1);
    }

    /** Different texts, prompt and answer, of all tasks in a fixed mixed order; at most so many of each task. */
    static List<String> texts(int each) {
        Corpus corpus = Corpus.load();
        Set<String> texts = new LinkedHashSet<>();
        for (Task task : Task.values()) {
            corpus.heldOut(task, Split.DEVELOPMENT, each)
                    .forEach(example -> texts.add(example.prompt() + " " + example.answer()));
        }
        List<String> mixed = new ArrayList<>(texts);
        Collections.shuffle(mixed, new Random(1));
        return mixed;
    }

    static List<InferenceCompleted> of(TraceableModel model, List<String> texts) {
        EventClasses.trust();
        InferenceStage stage = new InferenceStage(model, 64);
        List<InferenceCompleted> inferences = new ArrayList<>();
        for (String text : texts) {
            PromptSubmitted prompt =
                    PromptSubmitted.newBuilder().setPromptId(text).setText(text).build();
            inferences.add(stage.process(Received.asWritten(prompt), done -> {}));
        }
        return inferences;
    }
}
