package io.circuitstream.standalone.cli;

/** What the launcher knows of the terminal; Java itself cannot tell for one stream alone. */
final class Terminal {
    private Terminal() {}

    static boolean stdoutIsTerminal() {
        return Boolean.getBoolean("circuitstream.terminal.stdout") && System.getenv("NO_COLOR") == null;
    }

    static boolean stderrIsTerminal() {
        return Boolean.getBoolean("circuitstream.terminal.stderr");
    }
}
