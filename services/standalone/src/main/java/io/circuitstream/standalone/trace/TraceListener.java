package io.circuitstream.standalone.trace;

import io.circuitstream.events.StageProgress;

/** Told while prompts are traced, on the caller's thread. */
public interface TraceListener {

    /** Progress of one stage on one prompt. */
    void progress(StageProgress progress);

    /** A prompt is through all stages; prompts end in any order. */
    void done(Trace trace);
}
