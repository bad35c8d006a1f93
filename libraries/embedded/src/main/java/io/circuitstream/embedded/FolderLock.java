package io.circuitstream.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Holds a data folder for one owner until it is closed. The operating system releases the lock when the process dies,
 * so a folder is never left locked by a crash; the lock file itself stays.
 */
final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws EmbeddedException if another process, or another owner in this one, holds the folder */
    static FolderLock acquire(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new FolderLock(channel);
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            // Same answer as for another process.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new EmbeddedException("The folder " + folder.toAbsolutePath()
                + " is in use by another start: stop that one, or choose another folder");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
