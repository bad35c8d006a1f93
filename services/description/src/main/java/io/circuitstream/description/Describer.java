package io.circuitstream.description;

import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.circuits.output.TokenEffects;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.description.labels.Label;
import io.circuitstream.description.labels.Labeller;
import io.circuitstream.description.labels.Numerals;
import io.circuitstream.description.shares.LabelShare;
import io.circuitstream.description.state.Background;
import io.circuitstream.description.state.Contexts;
import io.circuitstream.description.state.FeatureCounts;
import io.circuitstream.events.AutomaticLabel;
import io.circuitstream.events.EventSource;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.LabelEvidence;
import io.circuitstream.events.LabelSource;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.TokenEffect;
import io.circuitstream.platform.provenance.CodeVersion;
import io.circuitstream.platform.serde.EventClasses;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes what is known of a feature as an event. Thread-safe; labellers are not. */
public final class Describer {
    private static final int EFFECTS = 10;

    private final Tokens tokens;
    private final TokenEffects effects;
    private final Numerals numerals;
    private final Examples examples;
    private final Provenance provenance;

    public Describer(TraceableModel model) {
        EventClasses.trust();
        this.tokens = model.model().tokens();
        this.effects = new TokenEffects(model, EFFECTS);
        this.numerals = Numerals.of(tokens, model.model().config().vocabulary());
        this.examples = new Examples(tokens);
        this.provenance = Provenance.newBuilder()
                .setModelName(model.model().name())
                .setModelHash(model.model().hash())
                .setScan(model.transcoder().scan())
                .setCodeVersion(CodeVersion.current().version())
                .setThreads(model.threads())
                .setSource(new EventSource("inferences", ""))
                .build();
    }

    /** Content hash of the transcoder whose features these are. */
    public String scan() {
        return provenance.getScan();
    }

    /** For one thread. */
    public Labeller labeller() {
        return new Labeller(tokens, numerals);
    }

    /** What is known of one feature. */
    public record Knowledge(
            int layer,
            int feature,
            FeatureCounts counts,
            Contexts contexts,
            @Nullable LabelShare stated) {}

    /**
     * The event of one feature.
     *
     * @param labeller that has seen the background as it is now
     */
    public FeatureDescription describe(Knowledge known, Background background, Labeller labeller) {
        FeatureCounts counts = known.counts();
        TokenEffects.Effects effect = effects.of(known.layer(), known.feature());
        Set<Integer> promoted = Arrays.stream(effect.promoted()).boxed().collect(Collectors.toSet());
        Label label = labeller.label(known.layer(), known.feature(), known.contexts(), promoted);
        FeatureDescription.Builder description = FeatureDescription.newBuilder()
                .setScan(scan())
                .setLayer(known.layer())
                .setFeature(known.feature())
                .setProvenance(provenance)
                .setPrompts(background.prompts())
                .setTokens(background.tokens())
                .setActivePrompts(counts.prompts())
                .setActiveTokens(counts.tokens())
                .setActMin(counts.min())
                .setActMax(counts.max())
                .setQuantiles(examples.quantiles(known.contexts()))
                .setPromoted(effects(effect.promoted(), effect.promotedEffect()))
                .setSuppressed(effects(effect.suppressed(), effect.suppressedEffect()))
                .setPeakTokens(examples.peaks(counts.peaks(), known.contexts()))
                .setPeakTokensSampled(counts.peaks().isIncomplete())
                .setAutomatic(new AutomaticLabel(
                        label.text(),
                        label.evidence(),
                        label.score(),
                        label.recall(),
                        label.falsePositiveRate(),
                        label.active(),
                        label.inactive()));
        putCounts(description, counts);
        putLabel(description, label, known.stated());
        return description.build();
    }

    private static void putCounts(FeatureDescription.Builder description, FeatureCounts counts) {
        List<Integer> bins = new ArrayList<>();
        List<Long> binCounts = new ArrayList<>();
        for (int i = 0; i < counts.histogram().size(); i++) {
            bins.add(counts.histogram().key(i));
            binCounts.add(counts.histogram().count(i));
        }
        List<Integer> starts = new ArrayList<>();
        List<Long> startCounts = new ArrayList<>();
        for (int i = 0; i < counts.positions().size(); i++) {
            starts.add(FeatureCounts.positionStart(counts.positions().key(i)));
            startCounts.add(counts.positions().count(i));
        }
        description
                .setHistogramBin(bins)
                .setHistogramCount(binCounts)
                .setPositionStart(starts)
                .setPositionCount(startCounts);
    }

    private static void putLabel(FeatureDescription.Builder description, Label label, @Nullable LabelShare stated) {
        if (stated != null) {
            description
                    .setLabel(stated.text())
                    .setLabelSource(stated.source())
                    .setLabelAuthor(stated.author())
                    .setLabelTime(Instant.ofEpochMilli(stated.time()));
        } else {
            description
                    .setLabel(label.text())
                    .setLabelSource(
                            label.evidence() == LabelEvidence.UNLABELLED ? LabelSource.NONE : LabelSource.AUTOMATIC);
        }
    }

    private List<TokenEffect> effects(int[] ids, float[] values) {
        List<TokenEffect> list = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            list.add(new TokenEffect(ids[i], tokens.token(ids[i]), values[i]));
        }
        return list;
    }
}
