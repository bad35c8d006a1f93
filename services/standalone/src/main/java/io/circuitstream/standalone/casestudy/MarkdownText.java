package io.circuitstream.standalone.casestudy;

import io.circuitstream.standalone.trace.TracePrinter;

/** Text that a model or a corpus chose, inside Markdown. */
final class MarkdownText {
    private MarkdownText() {}

    static String of(String text) {
        return TracePrinter.safe(text).replaceAll("([\\\\`*_\\[\\]<>|#])", "\\\\$1");
    }
}
