package io.circuitstream.standalone.cli;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** Shows a page to whoever sits at this machine's screen. */
final class Browser {
    private Browser() {}

    /** Does nothing where there is no screen, or no terminal that somebody would read the address from. */
    static void open(URI page) {
        Optional<String> command = Terminal.stderrIsTerminal() ? opener() : Optional.empty();
        if (command.isPresent()) {
            try {
                new ProcessBuilder(command.get(), page.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                System.err.println("Could not open a browser (" + e.getMessage() + "): " + page);
            }
        }
    }

    private static Optional<String> opener() {
        if (System.getProperty("os.name", "").startsWith("Mac")) {
            return Optional.of("open");
        }
        boolean screen = System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
        return screen ? Optional.of("xdg-open") : Optional.empty();
    }
}
