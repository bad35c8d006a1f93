package io.circuitstream.description.labels;

import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.description.shares.PromptShare;
import io.circuitstream.description.state.Background;
import io.circuitstream.description.state.Context;
import io.circuitstream.description.state.Contexts;
import io.circuitstream.description.state.Window;
import io.circuitstream.events.LabelEvidence;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Labels features. Active tokens come from the uniform sample of the feature's prompts, inactive ones from that of all prompts, so
 * that recall and false positives are estimates for the stream. A rule is found on the prompts whose hash is even and scored
 * on the others. Thread-confined; keeps what it made of the background until that changes.
 */
public final class Labeller {
    private static final double WORTH_SAYING = .6;
    private static final int LEAST_ACTIVE = 4;
    private static final int LEAST_INACTIVE = 20;

    private final Numerals numerals;
    private final Wording wording;
    private final Tally tally = new Tally();
    private Rows background = new Rows();
    private Map<Long, int[]> activeRows = Map.of();
    private long version = -1;

    public Labeller(Tokens tokens, Numerals numerals) {
        this.numerals = numerals;
        this.wording = new Wording(tokens);
    }

    /** Must be called before labels are asked for, whenever the background may have changed. */
    public void use(Background sample) {
        if (sample.version() == version) {
            return;
        }
        version = sample.version();
        background = new Rows();
        Map<Long, int[]> found = new HashMap<>();
        for (PromptShare share : sample.sample()) {
            int first = background.size() - share.masked();
            boolean[] all = new boolean[share.tokens().length];
            Arrays.fill(all, true);
            background.add(share.tokens(), 0, share.masked(), share.next(), all, (share.prompt() & 1) == 1, numerals);
            for (int i = 0; i < share.count(); i++) {
                int row = first + share.position()[i];
                found.merge(key(share.layer()[i], share.feature()[i]), new int[] {row}, Labeller::joined);
            }
        }
        activeRows = found;
    }

    private static long key(int layer, int feature) {
        return ((long) layer << 32) | feature;
    }

    private static int[] joined(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /**
     * The label of one feature.
     *
     * @param promoted the tokens that the feature promotes most: what tells an output from a context
     */
    public Label label(int layer, int feature, Contexts contexts, Set<Integer> promoted) {
        Rows active = active(contexts);
        boolean[] elsewhere = new boolean[background.size()];
        for (int row : activeRows.getOrDefault(key(layer, feature), new int[0])) {
            elsewhere[row] = true;
        }
        boolean[] none = new boolean[active.size()];
        int[] seen = active.rows(false, none);
        int[] unseen = active.rows(true, none);
        int[] inactiveSeen = background.rows(false, elsewhere);
        int[] inactiveUnseen = background.rows(true, elsewhere);
        Rule rule = seen.length < LEAST_ACTIVE || inactiveSeen.length < LEAST_INACTIVE
                ? new Rule(List.of(), .5)
                : new Search(active, seen, background, inactiveSeen, tally).best();
        if (rule.accuracy() < WORTH_SAYING) {
            return new Label("", LabelEvidence.UNLABELLED, null, 0, 0, unseen.length, inactiveUnseen.length);
        }
        LabelEvidence evidence = evidence(rule, promoted);
        double recall = share(rule, active, unseen);
        double falsePositives = share(rule, background, inactiveUnseen);
        boolean enough = unseen.length >= LEAST_ACTIVE && inactiveUnseen.length >= LEAST_INACTIVE;
        return new Label(
                wording.of(rule, evidence == LabelEvidence.OUTPUT),
                evidence,
                enough ? (recall + 1 - falsePositives) / 2 : null,
                recall,
                falsePositives,
                unseen.length,
                inactiveUnseen.length);
    }

    private Rows active(Contexts contexts) {
        Rows rows = new Rows();
        for (Context context : contexts.sample()) {
            Window window = context.window();
            boolean[] wanted = new boolean[window.tokens().length];
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = window.activations()[i] != 0;
            }
            rows.add(
                    window.tokens(),
                    window.start(),
                    window.masked(),
                    window.next(),
                    wanted,
                    context.isHeldOut(),
                    numerals);
        }
        return rows;
    }

    private static LabelEvidence evidence(Rule rule, Set<Integer> promoted) {
        LabelEvidence strongest = rule.conditions().get(0).view().evidence();
        for (Condition condition : rule.conditions()) {
            if (condition.view() == View.NEXT
                    && Arrays.stream(condition.values()).anyMatch(promoted::contains)) {
                return LabelEvidence.OUTPUT;
            }
            if (condition.view().evidence() == LabelEvidence.OPERANDS) {
                return LabelEvidence.OPERANDS;
            }
            if (condition.view().evidence() == LabelEvidence.CONTEXT) {
                strongest = LabelEvidence.CONTEXT;
            }
        }
        return strongest;
    }

    private static double share(Rule rule, Rows rows, int[] of) {
        int n = 0;
        for (int row : of) {
            n += rule.holds(rows, row) ? 1 : 0;
        }
        return of.length == 0 ? 0 : (double) n / of.length;
    }
}
