package io.circuitstream.training.corpus;

import java.util.Random;

/** The demo corpus in the ids of its vocabulary. */
public record CorpusLines(Corpus corpus, Vocabulary vocabulary) implements LineSource {

    @Override
    public Line draw(Random random) {
        Example example = corpus.drawTraining(random);
        return new Line(vocabulary.encode(example.prompt()), vocabulary.encode(example.answer()), true);
    }

    @Override
    public String version() {
        return corpus.version() + "-" + vocabulary.version();
    }
}
