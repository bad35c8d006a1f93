package io.circuitstream.platform.settings;

/**
 * Where a value comes from, as a person would look for it.
 *
 * @param description for example {@code environment CIRCUITSTREAM_HTTP_PORT}
 */
record Origin(String description) {

    static final Origin DEFAULT = new Origin("default");
    static final Origin GIVEN = new Origin("given by the program");

    static Origin flag(String flag) {
        return new Origin("flag " + flag);
    }

    static Origin environment(String variable) {
        return new Origin("environment " + variable);
    }

    static Origin file(String path) {
        return new Origin("file " + path);
    }
}
