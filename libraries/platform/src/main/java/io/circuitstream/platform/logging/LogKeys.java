package io.circuitstream.platform.logging;

/**
 * The only keys of structured log values, so that a query written for one service works for all. A message says
 * what, these say which. Contents (prompts, tokens, results) are never logged: they belong to the sender.
 */
public final class LogKeys {

    public static final String PROMPT_ID = "promptId";
    public static final String STAGE = "stage";
    public static final String TOPIC = "topic";
    public static final String PARTITION = "partition";
    public static final String OFFSET = "offset";
    public static final String LAYER = "layer";
    public static final String FEATURE = "feature";
    /** Content hash of the transcoder. */
    public static final String SCAN = "scan";

    public static final String ERROR = "error";
    public static final String ATTEMPT = "attempt";
    public static final String ELAPSED_MS = "elapsedMs";
    public static final String SCHEMA_ID = "schemaId";

    private LogKeys() {}
}
