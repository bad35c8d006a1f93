package io.circuitstream.training.hypotheses;

import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Change.Layers;
import io.circuitstream.circuits.intervention.Intervention;
import io.circuitstream.circuits.intervention.Interventions;
import io.circuitstream.circuits.intervention.Mode;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.replacement.LocalReplacementModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.training.hypotheses.HypothesisResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Replaces features in the model and looks at the answer, beside random directions of the same norms. */
public final class HypothesisTrial {
    private static final int CONTROLS = 5;

    private final LanguageModel model;
    private final Transcoder transcoder;

    /** The model and the transcoder stay open. */
    public HypothesisTrial(LanguageModel model, Transcoder transcoder) {
        transcoder.requireFits(model.config());
        this.model = model;
        this.transcoder = transcoder;
    }

    /** What became of it; sets the process to one tensor thread. */
    public HypothesisResult run(Hypothesis hypothesis) {
        TensorRuntime.start(1);
        Random random = new Random(1);
        List<Outcome> outcomes = new ArrayList<>();
        List<String> controls = new ArrayList<>();
        List<Integer> features = new ArrayList<>();
        for (Hypothesis.Case one : hypothesis.cases()) {
            FeatureContrast contrast = contrast(hypothesis, one);
            for (Hypothesis.Steered steered : one.steered()) {
                try (LocalReplacementModel prompt = local(steered.prompt())) {
                    List<Intervention> replacement = contrast.on(prompt);
                    features.add(replacement.size());
                    List<String> answers = answers(prompt, replacement, random);
                    controls.add(answers.get(1));
                    outcomes.add(outcome(hypothesis, steered, answer(prompt), answers));
                }
            }
        }
        return result(hypothesis, outcomes, controls.get(0), features.get(0));
    }

    private FeatureContrast contrast(Hypothesis hypothesis, Hypothesis.Case one) {
        FeatureContrast contrast = new FeatureContrast();
        for (String prompt : one.from().all()) {
            try (LocalReplacementModel local = local(prompt)) {
                contrast.from(local, hypothesis);
            }
        }
        for (String prompt : one.to().all()) {
            try (LocalReplacementModel local = local(prompt)) {
                contrast.to(local, hypothesis);
            }
        }
        return contrast;
    }

    private LocalReplacementModel local(String prompt) {
        return LocalReplacementModel.build(
                model, transcoder, model.tokens().encode(prompt).ids());
    }

    private String answer(LocalReplacementModel prompt) {
        return token(prompt.pass().logits(prompt.positions() - 1));
    }

    /** Of the replacement, then of the controls. */
    private List<String> answers(LocalReplacementModel prompt, List<Intervention> replacement, Random random) {
        Change change = Change.of(prompt, replacement, Layers.ALL_WRITTEN);
        List<Change> changes = new ArrayList<>(List.of(change));
        for (int c = 0; c < CONTROLS; c++) {
            changes.add(change.randomised(prompt.positions(), random));
        }
        return new Interventions(prompt)
                .logits(changes, Mode.MODEL).stream().map(this::token).toList();
    }

    private String token(float[] logits) {
        int top = 0;
        for (int v = 1; v < logits.length; v++) {
            top = logits[v] > logits[top] ? v : top;
        }
        return model.tokens().token(top);
    }

    private static Outcome outcome(
            Hypothesis hypothesis, Hypothesis.Steered steered, String clean, List<String> answers) {
        boolean expected = steered.expected().contains(answers.get(0));
        boolean flips = hypothesis.expectation() == Hypothesis.Expectation.FLIPS;
        // An answer that was the expected one before proves nothing.
        boolean asPredicted = flips ? expected && !steered.expected().contains(clean) : expected;
        int moved = (int) answers.stream()
                .skip(1)
                .filter(control -> !control.equals(clean))
                .count();
        return new Outcome(steered.prompt(), clean, answers.get(0), steered.expected(), asPredicted, moved);
    }

    private static HypothesisResult result(
            Hypothesis hypothesis, List<Outcome> outcomes, String control, int features) {
        int asPredicted = (int) outcomes.stream().filter(Outcome::asPredicted).count();
        int moved = outcomes.stream().mapToInt(Outcome::controlsMoved).sum();
        int controls = CONTROLS * outcomes.size();
        Outcome first = outcomes.get(0);
        return new HypothesisResult(
                hypothesis.task(),
                hypothesis.name(),
                hypothesis.claim(),
                first.prompt(),
                hypothesis.intervention(),
                String.join(" or ", first.expected()),
                first.steered(),
                control,
                !first.steered().equals(first.clean()),
                HypothesisResult.verdict((double) asPredicted / outcomes.size(), (double) moved / controls),
                outcomes.size(),
                asPredicted,
                controls,
                moved,
                features,
                outcomes);
    }
}
