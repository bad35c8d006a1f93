package io.circuitstream.circuits.truth;

import io.circuitstream.circuits.attribution.AttributionOptions;
import io.circuitstream.circuits.attribution.Attributor;
import io.circuitstream.circuits.attribution.LogitTargets;
import io.circuitstream.circuits.attribution.RowProgress;
import io.circuitstream.circuits.graph.Readout;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** A hand-built model, loaded from its files with a transcoder. */
record Built(Wiring wiring, TraceableModel traceable, List<List<Feature>> features) implements AutoCloseable {

    /** With a transcoder that has every feature. */
    static Built of(Mechanism mechanism, Kind kind, Path folder) throws IOException {
        return of(mechanism, kind, folder, feature -> true);
    }

    /** With a transcoder of the features that pass. */
    static Built of(Mechanism mechanism, Kind kind, Path folder, Predicate<Feature> which) throws IOException {
        return of(mechanism.wiring(), kind, folder, which);
    }

    static Built of(Wiring wiring, Kind kind, Path folder, Predicate<Feature> which) throws IOException {
        WiringFiles files = new WiringFiles(wiring, 3);
        files.model(folder.resolve("model"));
        List<List<Feature>> features = files.transcoder(folder.resolve("transcoder"), kind, which);
        return new Built(
                wiring, TraceableModel.load(folder.resolve("model"), folder.resolve("transcoder"), 1), features);
    }

    LocalReplacementModel local(Task task) {
        return traceable.local(wiring.ids(task.prompt()));
    }

    /** The graph of the answer, with default options. */
    NamedGraph graph(Task task, LocalReplacementModel local) {
        return task.against().isEmpty()
                ? graph(local, List.of())
                : graph(local, List.of(new Readout.Difference(wiring.id(task.answer()), wiring.id(task.against()))));
    }

    /** The graph of these targets, of the top logits if there are none. */
    NamedGraph graph(LocalReplacementModel local, List<Readout> targets) {
        AttributionOptions options = AttributionOptions.DEFAULT;
        options = new AttributionOptions(options.maxLogits(), options.logitProbability(), targets, options.rowDrop());
        return new NamedGraph(Attributor.attribute(local, options, RowProgress.NONE), features);
    }

    NamedGraph graph(Task task) {
        try (LocalReplacementModel local = local(task)) {
            return graph(task, local);
        }
    }

    /** Of a feature by its name. */
    Readout.Feature readout(int layer, String name, int position) {
        List<String> names = features.get(layer).stream().map(Feature::name).toList();
        return new Readout.Feature(layer, names.indexOf(name), position);
    }

    /** The word with the largest of the last position's logits after they moved. */
    String answer(LocalReplacementModel local, double[] moved) {
        float[] clean = local.pass().logits(local.positions() - 1);
        double[] logits = new double[clean.length];
        for (int v = 0; v < clean.length; v++) {
            logits[v] = clean[v] + moved[v];
        }
        return wiring.word(LogitTargets.ranking(logits, 1)[0]);
    }

    @Override
    public void close() {
        traceable.close();
    }
}
