package io.circuitstream.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder for a deployment's data that nobody keeps. Closing deletes it with everything in it. Thread-safe. */
public final class TemporaryFolder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TemporaryFolder.class);

    private final Path path;

    private TemporaryFolder(Path path) {
        this.path = path;
    }

    /** A new one, whose name begins so, where the system keeps such folders. */
    public static TemporaryFolder create(String name) throws IOException {
        return new TemporaryFolder(Files.createTempDirectory(name));
    }

    public Path path() {
        return path;
    }

    @Override
    public synchronized void close() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            log.atWarn().setCause(e).log("left behind: {}", path);
        }
    }
}
