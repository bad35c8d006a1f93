package io.circuitstream.training.evaluation;

import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Sums over documents; the figures depend on the order of adding, in the last bits. Not thread-safe. */
final class FigureSums {
    private final List<LayerSum> layers = new ArrayList<>();
    private final GroupSum whole = new GroupSum();
    private final SortedMap<String, GroupSum> groups = new TreeMap<>();

    FigureSums(Transcoder transcoder) {
        for (int layer = 0; layer < transcoder.layers(); layer++) {
            layers.add(new LayerSum(transcoder.features(layer), transcoder.width()));
        }
    }

    private static final class GroupSum {
        private final AgreementSum all = new AgreementSum();
        private final AgreementSum answers = new AgreementSum();
        private final GraphSum graphs = new GraphSum();
        private int documents;
        private long tokens;

        private void add(DocumentSums document) {
            all.add(document.all());
            answers.add(document.answers());
            graphs.add(document.graphs());
            documents++;
            tokens += document.tokens();
        }

        private EvaluationFigures.GroupFigures figures(String group) {
            return new EvaluationFigures.GroupFigures(
                    group,
                    all.top1(),
                    answers.top1(),
                    all.klDivergence(),
                    answers.klDivergence(),
                    graphs.replacementScore(),
                    graphs.completenessScore(),
                    graphs.pathLength(),
                    documents,
                    tokens,
                    graphs.sizes());
        }
    }

    void add(String group, DocumentSums document) {
        for (int layer = 0; layer < layers.size(); layer++) {
            layers.get(layer).add(document.layers().get(layer));
        }
        whole.add(document);
        groups.computeIfAbsent(group, name -> new GroupSum()).add(document);
    }

    EvaluationFigures figures(long parameters) {
        List<EvaluationFigures.LayerFigures> byLayer = IntStream.range(0, layers.size())
                .mapToObj(layer -> layers.get(layer).figures(layer))
                .toList();
        EvaluationFigures.GroupFigures all = whole.figures("");
        double error = layers.stream().mapToDouble(LayerSum::errorSquares).sum();
        double variance = layers.stream().mapToDouble(LayerSum::variance).sum();
        return new EvaluationFigures(
                byLayer.stream().mapToDouble(EvaluationFigures.LayerFigures::l0).sum(),
                byLayer.stream()
                        .mapToDouble(EvaluationFigures.LayerFigures::normalisedMse)
                        .average()
                        .orElse(Double.NaN),
                1 - error / variance,
                all.top1Agreement(),
                all.top1AgreementAnswers(),
                all.klDivergence(),
                all.klDivergenceAnswers(),
                all.replacementScore(),
                all.completenessScore(),
                all.pathLength(),
                byLayer.stream()
                        .mapToDouble(EvaluationFigures.LayerFigures::deadFraction)
                        .average()
                        .orElse(Double.NaN),
                byLayer.stream()
                        .mapToInt(EvaluationFigures.LayerFigures::features)
                        .sum(),
                parameters,
                all.documents(),
                all.tokens(),
                all.graphs(),
                byLayer,
                groups.entrySet().stream()
                        .map(group -> group.getValue().figures(group.getKey()))
                        .toList());
    }
}
