package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.PackedBatch;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import io.circuitstream.training.corpus.Vocabulary;
import io.circuitstream.training.languagemodel.LanguageModel;
import io.circuitstream.training.languagemodel.MlpHook;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Compares a model with its full replacement model on held-out prompts. Single use, not thread-safe. */
public final class ReplacementEvaluation {
    private static final int ROWS = 16;
    private static final int LENGTH = 48;

    private final LanguageModel model;
    private final TranscoderArrays transcoder;
    private final List<LayerStatistics> layers = new ArrayList<>();
    private final AgreementSum all = new AgreementSum();
    private final AgreementSum answers = new AgreementSum();

    private ReplacementEvaluation(LanguageModel model, TranscoderArrays transcoder) {
        this.model = model;
        this.transcoder = transcoder;
        for (int layer = 0; layer < transcoder.shape.layers(); layer++) {
            layers.add(new LayerStatistics(transcoder.shape));
        }
    }

    /** Figures over at most {@code limit} prompts of each task. */
    public static TranscoderFigures measure(
            LanguageModel model,
            FoldedTranscoder folded,
            Corpus corpus,
            Vocabulary vocabulary,
            Split split,
            int limit) {
        Map<Task, Double> byTask = new EnumMap<>(Task.class);
        try (TranscoderArrays arrays = new TranscoderArrays(folded, model.manager())) {
            ReplacementEvaluation evaluation = new ReplacementEvaluation(model, arrays);
            for (Task task : Task.values()) {
                AgreementSum ofTask = new AgreementSum();
                for (PackedBatch batch : PackedBatch.of(corpus.heldOut(task, split, limit), vocabulary, ROWS, LENGTH)) {
                    evaluation.add(batch, ofTask);
                }
                byTask.put(task, ofTask.agreement().top1());
            }
            return new TranscoderFigures(
                    evaluation.layers.stream().map(LayerStatistics::figures).toList(),
                    evaluation.answers.agreement(),
                    evaluation.all.agreement(),
                    byTask);
        }
    }

    private void add(PackedBatch batch, AgreementSum ofTask) {
        int[] kept = IntStream.range(0, batch.size())
                .filter(at -> batch.isText(at) && !batch.isBegin(at))
                .toArray();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray clean = model.logits(batch, statistics(kept)).logSoftmax(-1);
            NDArray replaced = model.logits(batch, replacement(batch)).logSoftmax(-1);
            long[] cleanTop = clean.argMax(-1).toLongArray();
            long[] replacedTop = replaced.argMax(-1).toLongArray();
            float[] divergence =
                    clean.exp().mul(clean.sub(replaced)).sum(new int[] {-1}).toFloatArray();
            for (int at : kept) {
                boolean same = cleanTop[at] == replacedTop[at];
                all.add(same, divergence[at]);
                if (batch.isAnswer(at)) {
                    answers.add(same, divergence[at]);
                    ofTask.add(same, divergence[at]);
                }
            }
        }
    }

    private MlpHook statistics(int[] kept) {
        List<NDArray> activations = new ArrayList<>();
        return (layer, input, output) -> {
            NDArray active = transcoder.encode(layer, input);
            activations.add(active);
            layers.get(layer).add(kept, active, output, transcoder.decode(layer, activations));
            return output;
        };
    }

    private MlpHook replacement(PackedBatch batch) {
        float[] begin = new float[batch.size()];
        for (int at = 0; at < begin.length; at++) {
            begin[at] = batch.isBegin(at) ? 1 : 0;
        }
        NDArray keep = model.manager().create(begin, new Shape(batch.rows(), batch.length(), 1));
        NDArray replace = keep.neg().add(1f);
        List<NDArray> activations = new ArrayList<>();
        return (layer, input, output) -> {
            activations.add(transcoder.encode(layer, input));
            NDArray predicted = transcoder.decode(layer, activations);
            return predicted.mul(replace).add(output.mul(keep));
        };
    }

    /** Running sums behind an {@link TranscoderFigures.Agreement}. */
    private static final class AgreementSum {
        private long positions;
        private long same;
        private double divergence;

        private void add(boolean sameTop, double kl) {
            positions++;
            same += sameTop ? 1 : 0;
            divergence += kl;
        }

        private TranscoderFigures.Agreement agreement() {
            return new TranscoderFigures.Agreement(positions, same / (double) positions, divergence / positions);
        }
    }
}
