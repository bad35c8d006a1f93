package io.circuitstream.training.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** Replaces a file as a whole: at every moment, and after a crash at any moment, there is the old one or the new one. */
public final class DurableFile {
    /** {@code SafetensorsWriter} writes to this name first, and leaves it behind when it fails. */
    private static final String WRITERS_OWN = ".partial";

    private DurableFile() {}

    /** Writes everything to the given path, which is new or to be overwritten. */
    @FunctionalInterface
    public interface Body {
        void write(Path temporary) throws IOException;
    }

    /**
     * Lets the body write a temporary file in the same folder, which is made if there is none; forces it to the disk, renames
     * it over {@code file} and forces the folder.
     *
     * @param bytes how large the file will be at least, for the message when it does not fit
     * @throws IOException naming the file, bytes needed and bytes free; then the old file is as before and nothing else is left
     */
    public static void replace(Path file, long bytes, Body body) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(folder);
            body.write(temporary);
            force(temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            forceFolder(folder);
        } catch (IOException e) {
            remove(temporary, e);
            remove(file.resolveSibling(temporary.getFileName() + WRITERS_OWN), e);
            throw new IOException(explanation(file, folder, bytes, e), e);
        }
    }

    /** Bytes that are in the file's cache only may still fail to find room: this is where the disk says so. */
    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes the new name durable. Systems that cannot open a folder as a file have no such operation. */
    static void forceFolder(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException e) {
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

    private static void remove(Path file, IOException cause) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private static String explanation(Path file, Path folder, long bytes, IOException cause) {
        return String.format(
                Locale.ROOT,
                "%s cannot be written: %s; it needs %d bytes, %s bytes are free on its file system. What was in the file"
                        + " before is unchanged: free some space, then run again with --resume",
                file,
                reason(cause),
                bytes,
                free(folder));
    }

    private static String reason(IOException cause) {
        return cause instanceof FileSystemException e && e.getReason() == null
                ? cause.getClass().getSimpleName()
                : String.valueOf(cause.getMessage());
    }

    private static String free(Path folder) {
        try {
            return Long.toString(Files.getFileStore(folder).getUsableSpace());
        } catch (IOException e) {
            return "unknown";
        }
    }
}
