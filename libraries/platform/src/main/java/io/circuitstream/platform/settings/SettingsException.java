package io.circuitstream.platform.settings;

import java.util.List;

/** What is wrong with the settings, all of it at once, for the person who has to change them. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The exit code of a process whose settings are wrong (EX_USAGE of sysexits.h). */
    public static final int EXIT_CODE = 64;

    public SettingsException(String problem) {
        super(problem);
    }

    SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
