package io.circuitstream.training.evaluation;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.replacement.FullReplacement;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.training.documents.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one document contributes. Holds no native memory.
 *
 * @param tokens unmasked positions
 * @param graphs empty, or the one graph of this document
 * @param nanos how long this took
 */
record DocumentSums(
        int tokens, List<LayerSum> layers, AgreementSum all, AgreementSum answers, GraphSum graphs, long nanos) {

    /**
     * @param graph whether to attribute the first answer token, from the document cut after the position that predicts it
     */
    static DocumentSums measure(LanguageModel model, Transcoder transcoder, Document document, boolean graph) {
        long start = System.nanoTime();
        List<LayerSum> layers = new ArrayList<>();
        AgreementSum all = new AgreementSum();
        AgreementSum answers = new AgreementSum();
        // The position after the answer predicts the end, which is no token of it; without an answer it is all there
        // is.
        int lastAnswer = Math.max(document.firstAnswer(), document.tokens().length - 2);
        int tokens;
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, document.tokens());
                ForwardPass replaced = FullReplacement.run(model, transcoder, document.tokens())) {
            for (int layer = 0; layer < transcoder.layers(); layer++) {
                layers.add(LayerSum.of(local, layer));
            }
            for (int p = local.masked(); p < local.positions(); p++) {
                AgreementSum position = new AgreementSum();
                position.add(local.pass().logits(p), replaced.logits(p));
                all.add(position);
                if (p >= document.firstAnswer() && p <= lastAnswer) {
                    answers.add(position);
                }
            }
            tokens = local.positions() - local.masked();
        }
        GraphSum graphs = new GraphSum();
        if (graph) {
            int[] prompt = Arrays.copyOf(document.tokens(), document.firstAnswer() + 1);
            try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, prompt)) {
                graphs.add(Attributor.attribute(local, AttributionOptions.DEFAULT, RowProgress.NONE));
            }
        }
        return new DocumentSums(tokens, layers, all, answers, graphs, System.nanoTime() - start);
    }
}
