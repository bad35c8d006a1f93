package io.circuitstream.platform.provenance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The version that the build wrote into the jar; nothing asks git at run time.
 *
 * @param version the project's version, for an event's provenance
 * @param commit given to the build with {@code -Dcircuitstream.commit}, otherwise {@code unknown}
 */
public record CodeVersion(String version, String commit) {

    private static final CodeVersion CURRENT = read();

    public static CodeVersion current() {
        return CURRENT;
    }

    private static CodeVersion read() {
        Properties properties = new Properties();
        try (InputStream in = CodeVersion.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing from the jar of " + CodeVersion.class);
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new CodeVersion(properties.getProperty("version"), properties.getProperty("commit"));
    }
}
