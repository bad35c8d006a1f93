package io.circuitstream.standalone.casestudy;

import io.circuitstream.standalone.trace.Trace;
import io.circuitstream.training.hypotheses.HypothesisResult;
import java.util.List;
import java.util.Optional;

/** What there is to say of a task. */
record CaseStudy(StudiedTask task, Trace trace, List<HypothesisResult> results, Optional<String> finding) {
    /** Stands where nobody wrote a finding for these weights. */
    static final String NO_FINDING = "Nobody has written a finding for these weights.";
}
