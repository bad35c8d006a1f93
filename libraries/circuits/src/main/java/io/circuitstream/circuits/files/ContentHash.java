package io.circuitstream.circuits.files;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** SHA-256 over names and contents of files: the identity of a model or transcoder, whatever its folder is called. */
public final class ContentHash {
    private ContentHash() {}

    /** Hex digest over the folder's files with one of the endings, in name order; other files do not count. */
    public static String ofFolder(Path folder, String... endings) {
        try (Stream<Path> list = Files.list(folder)) {
            List<Path> files = list.filter(Files::isRegularFile)
                    .filter(f -> Stream.of(endings)
                            .anyMatch(e -> f.getFileName().toString().endsWith(e)))
                    .sorted()
                    .toList();
            return ofFiles(folder, files);
        } catch (IOException e) {
            throw new ModelFileException(folder, "cannot be read: " + e.getMessage(), e);
        }
    }

    /** Hex digest over the given files of the folder, in their order. */
    public static String ofFiles(Path folder, List<Path> files) {
        try {
            MessageDigest digest = sha256();
            byte[] buffer = new byte[1 << 16];
            for (Path file : files) {
                String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
                digest.update((name + "\0" + Files.size(file) + "\0").getBytes(StandardCharsets.UTF_8));
                try (InputStream in = Files.newInputStream(file)) {
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        digest.update(buffer, 0, n);
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new ModelFileException(folder, "cannot be read: " + e.getMessage(), e);
        }
    }

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
