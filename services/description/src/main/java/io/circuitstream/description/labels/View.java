package io.circuitstream.description.labels;

import io.circuitstream.events.LabelEvidence;

/** One thing that a condition can look at from a token. All but EARLIER have one value, or none. */
enum View {
    /** The token itself. */
    TOKEN(LabelEvidence.TOKEN),
    /** The token before it. */
    PREVIOUS(LabelEvidence.CONTEXT),
    /** The token two before it. */
    SECOND_PREVIOUS(LabelEvidence.CONTEXT),
    /** The token after it; at the end of the prompt the one that the model puts first. */
    NEXT(LabelEvidence.CONTEXT),
    /** The prompt's first token after BOS: the kind of text. */
    FIRST(LabelEvidence.CONTEXT),
    /** Position in the prompt. */
    POSITION(LabelEvidence.POSITION),
    /** Digits of an addition's addends and sum, once both addends are read. */
    FIRST_ADDEND_ONES(LabelEvidence.OPERANDS),
    FIRST_ADDEND_TENS(LabelEvidence.OPERANDS),
    SECOND_ADDEND_ONES(LabelEvidence.OPERANDS),
    SECOND_ADDEND_TENS(LabelEvidence.OPERANDS),
    SUM_ONES(LabelEvidence.OPERANDS),
    SUM_TENS(LabelEvidence.OPERANDS),
    SUM_HUNDREDS(LabelEvidence.OPERANDS),
    /** 1 when the ones sum to ten or more. */
    CARRY(LabelEvidence.OPERANDS),
    /** The tokens before it, in any distance. */
    EARLIER(LabelEvidence.CONTEXT);

    /** What a row holds where there is no value. */
    static final int NONE = -1;

    private final LabelEvidence evidence;

    View(LabelEvidence evidence) {
        this.evidence = evidence;
    }

    LabelEvidence evidence() {
        return evidence;
    }

    boolean isSet() {
        return this == EARLIER;
    }
}
