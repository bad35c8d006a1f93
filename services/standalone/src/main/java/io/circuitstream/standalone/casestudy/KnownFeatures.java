package io.circuitstream.standalone.casestudy;

import io.circuitstream.circuits.picture.FeatureLabels;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.description.Describer;
import io.circuitstream.description.labels.Labeller;
import io.circuitstream.description.shares.Shares;
import io.circuitstream.description.state.FeatureCounts;
import io.circuitstream.description.state.FeatureStates;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.inference.InferenceStage;
import io.circuitstream.platform.serde.Received;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.Task;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** What the description service would say of features after the corpus' development texts, computed here. Thread-confined. */
final class KnownFeatures implements FeatureLabels {
    private static final int TEXTS_OF_A_TASK = 200;
    private static final int MOST_TOKENS = 64;

    private final FeatureStates states;
    private final Describer describer;
    private final Labeller labeller;

    private KnownFeatures(FeatureStates states, Describer describer) {
        this.states = states;
        this.describer = describer;
        this.labeller = describer.labeller();
        labeller.use(states.background());
    }

    static KnownFeatures of(TraceableModel model) {
        FeatureStates states =
                new FeatureStates(model.transcoder().scan(), store("counts"), store("contexts"), store("prompts"));
        InferenceStage inference = new InferenceStage(model, MOST_TOKENS);
        Shares one = new Shares(1);
        for (String text : texts()) {
            PromptSubmitted prompt =
                    PromptSubmitted.newBuilder().setPromptId(text).setText(text).build();
            one.split(inference.process(Received.asWritten(prompt), done -> {})).forEach(states::add);
        }
        return new KnownFeatures(states, new Describer(model));
    }

    private static KeyValueStore<Bytes, byte[]> store(String name) {
        return Stores.inMemoryKeyValueStore(name).get();
    }

    /** Each once, with its answer. */
    private static Set<String> texts() {
        Corpus corpus = Corpus.load();
        Set<String> texts = new LinkedHashSet<>();
        for (Task task : Task.values()) {
            corpus.heldOut(task, Split.DEVELOPMENT, TEXTS_OF_A_TASK)
                    .forEach(example -> texts.add(example.prompt() + " " + example.answer()));
        }
        return texts;
    }

    long prompts() {
        return states.background().prompts();
    }

    /** Empty of a feature that none of the texts has. */
    Optional<FeatureDescription> of(Feature feature) {
        FeatureCounts counts = states.counts(feature.layer(), feature.index());
        return Optional.ofNullable(counts)
                .map(known -> describer.describe(
                        new Describer.Knowledge(
                                feature.layer(),
                                feature.index(),
                                known,
                                states.contexts(feature.layer(), feature.index()),
                                null),
                        states.background(),
                        labeller));
    }

    @Override
    public String of(int layer, int feature) {
        return of(new Feature(layer, feature)).map(FeatureDescription::getLabel).orElse("");
    }

    record Feature(int layer, int index) {}
}
