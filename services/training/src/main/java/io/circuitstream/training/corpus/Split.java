package io.circuitstream.training.corpus;

/** What an example may be used for: fitting, choosing settings, or published figures. */
public enum Split {
    TRAIN,
    DEVELOPMENT,
    /** Opened only for figures that are published. */
    TEST
}
