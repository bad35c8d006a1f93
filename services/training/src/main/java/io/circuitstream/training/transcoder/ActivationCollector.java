package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDScope;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.PackedBatch;
import io.circuitstream.training.corpus.Packer;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.languagemodel.LanguageModel;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Runs a model over training examples and keeps both MLP sites of every text token but {@code <bos>}, whose huge activations
 * say nothing about the text. Single use.
 */
final class ActivationCollector {
    private static final int ROWS = 32;
    private static final int LENGTH = 48;

    private final LanguageModel model;
    private final int width;
    private final int tokens;
    private final float[][] inputs;
    private final float[][] outputs;
    private int collected;

    ActivationCollector(LanguageModel model, int tokens) {
        this.model = model;
        this.tokens = tokens;
        this.width = model.shape().width();
        this.inputs = new float[model.shape().layers()][Math.multiplyExact(tokens, width)];
        this.outputs = new float[inputs.length][tokens * width];
    }

    /** Normalised activations; which examples they come from depends only on the seed. */
    Activations collect(Corpus corpus, Vocabulary vocabulary, long seed) {
        Random random = new Random(seed);
        Packer packer = new Packer(vocabulary, ROWS, LENGTH);
        while (collected < tokens) {
            add(packer.next(corpus, random));
        }
        return Activations.normalised(tokens, inputs, outputs);
    }

    private void add(PackedBatch batch) {
        int[] kept = IntStream.range(0, batch.size())
                .filter(at -> batch.isText(at) && !batch.isBegin(at))
                .limit(tokens - collected)
                .toArray();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            model.logits(batch, (layer, input, output) -> {
                copy(input.toFloatArray(), kept, inputs[layer]);
                copy(output.toFloatArray(), kept, outputs[layer]);
                return output;
            });
        }
        collected += kept.length;
    }

    private void copy(float[] from, int[] kept, float[] to) {
        for (int i = 0; i < kept.length; i++) {
            System.arraycopy(from, kept[i] * width, to, (collected + i) * width, width);
        }
    }
}
