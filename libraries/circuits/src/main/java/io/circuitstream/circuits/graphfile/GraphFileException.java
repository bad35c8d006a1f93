package io.circuitstream.circuits.graphfile;

/** A graph file that cannot be used: the message says which node or link, what is wrong and what to do. */
public final class GraphFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 60;

    GraphFileException(String problem) {
        super(problem);
    }

    GraphFileException(String problem, Throwable cause) {
        super(problem, cause);
    }

    /** Text of the file for a message: short, and nothing that a terminal would obey. */
    static String quote(String text) {
        StringBuilder out = new StringBuilder("'");
        text.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\uFFFD' : c)
                .forEach(out::appendCodePoint);
        return out.append(text.codePointCount(0, text.length()) > SHOWN ? "…'" : "'")
                .toString();
    }
}
