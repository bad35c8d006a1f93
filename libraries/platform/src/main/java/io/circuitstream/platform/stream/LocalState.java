package io.circuitstream.platform.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder in which Kafka Streams keeps the stores of this instance. When a store cannot be used, the service ends and leaves
 * the folder so that the next start works: what is damaged is put aside, and restored from the changelogs. Thread-safe.
 */
final class LocalState {
    private static final Logger log = LoggerFactory.getLogger(LocalState.class);
    /** RocksDB writes its files in pieces of about this size. */
    private static final long ENOUGH_BYTES = 8L * 1024 * 1024;

    private final Path folder;
    private volatile boolean damaged;

    /** @param folder of this service's stores, below the state folder */
    LocalState(Path folder) {
        this.folder = folder;
    }

    /**
     * Notes what ended a stream thread or a start, if the local state is why.
     *
     * @throws StartupException when there is no space left, which says where
     */
    void failed(Throwable thrown) {
        if (Fault.cause(thrown, ProcessorStateException.class).isEmpty()) {
            return;
        }
        long free = freeBytes();
        if (free < ENOUGH_BYTES) {
            throw new StartupException(
                    "no space for local state: " + folder.toAbsolutePath() + " has " + free + " bytes left", thrown);
        }
        damaged = true;
    }

    /** To be called when the stores are closed; yields whether something was put aside. */
    boolean putAsideWhenDamaged() {
        if (!damaged || !Files.isDirectory(folder)) {
            return false;
        }
        Path aside = folder.resolveSibling(folder.getFileName() + ".damaged");
        try {
            delete(aside);
            Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
            log.atError()
                    .log(
                            "local state in {} is damaged: it is put aside as {} and restored from the changelogs",
                            folder.toAbsolutePath(),
                            aside.getFileName());
            damaged = false;
            return true;
        } catch (IOException e) {
            log.atError().setCause(e).log("local state in {} is damaged: delete the folder", folder.toAbsolutePath());
            return false;
        }
    }

    /** Plenty when nobody can tell: then the cause itself says more. */
    private long freeBytes() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }
}
