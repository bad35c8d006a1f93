package io.circuitstream.training.perturbation;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.evaluation.MeasurementProgress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Predicts and measures ablations on held-out prompts, each up to its answer. */
public final class PerturbationMeasurement {
    private final LanguageModel model;
    private final Transcoder transcoder;
    private final int features;

    /**
     * The model and the transcoder stay open.
     *
     * @param features ablated in each prompt, the most influential first
     */
    public PerturbationMeasurement(LanguageModel model, Transcoder transcoder, int features) {
        transcoder.requireFits(model.config());
        this.model = model;
        this.transcoder = transcoder;
        this.features = features;
    }

    /** Yields the report; sets the process to one tensor thread. */
    public PerturbationReport measure(List<Document> documents, String split, Consumer<MeasurementProgress> progress) {
        TensorRuntime.start(1);
        long start = System.nanoTime();
        List<PromptFigures> prompts = new ArrayList<>();
        for (Document document : documents) {
            prompts.add(measure(document, prompts.size()));
            double seconds = (System.nanoTime() - start) / 1e9;
            double left = seconds / prompts.size() * (documents.size() - prompts.size());
            progress.accept(new MeasurementProgress(prompts.size(), documents.size(), left));
        }
        return report(prompts, split);
    }

    private PromptFigures measure(Document document, int seed) {
        int[] prompt = Arrays.copyOf(document.tokens(), document.firstAnswer() + 1);
        try (LocalReplacementModel local = LocalReplacementModel.build(model, transcoder, prompt)) {
            return PerturbedPrompt.measure(document.group(), local, features, seed);
        }
    }

    private PerturbationReport report(List<PromptFigures> prompts, String split) {
        SortedMap<String, List<PromptFigures>> byTask = new TreeMap<>();
        SortedMap<Integer, Interval> depths = new TreeMap<>();
        for (PromptFigures prompt : prompts) {
            byTask.computeIfAbsent(prompt.group(), g -> new ArrayList<>()).add(prompt);
            prompt.cosineByDepth()
                    .keySet()
                    .forEach(depth -> depths.computeIfAbsent(
                            depth,
                            d -> Interval.of(
                                    values(prompts, p -> p.cosineByDepth().get(d)))));
        }
        SortedMap<Metric, Interval> metrics = new TreeMap<>();
        SortedMap<String, Map<Metric, Double>> tasks = new TreeMap<>();
        for (Metric metric : Metric.values()) {
            metrics.put(metric, Interval.of(values(prompts, p -> p.values().get(metric))));
            byTask.forEach((task, some) -> tasks.computeIfAbsent(task, t -> new EnumMap<>(Metric.class))
                    .put(
                            metric,
                            Arrays.stream(values(some, p -> p.values().get(metric)))
                                    .average()
                                    .orElse(Double.NaN)));
        }
        return new PerturbationReport(
                model.name(),
                transcoder.scan(),
                split,
                features,
                prompts.size(),
                metrics,
                tasks,
                depths,
                prompts.stream()
                        .mapToDouble(PromptFigures::worstDirectError)
                        .max()
                        .orElse(0),
                Interval.of(values(prompts, PromptFigures::featureToControl)));
    }

    /** Of the prompts that have the value: a rank correlation needs three features. */
    private static double[] values(Collection<PromptFigures> prompts, Function<PromptFigures, Double> value) {
        return prompts.stream()
                .map(value)
                .filter(Objects::nonNull)
                .filter(v -> !v.isNaN())
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
