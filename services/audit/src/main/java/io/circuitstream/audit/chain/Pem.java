package io.circuitstream.audit.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys in PEM files (RFC 7468). */
final class Pem {
    static final String PRIVATE = "PRIVATE KEY";
    static final String PUBLIC = "PUBLIC KEY";
    private static final int LARGEST = 65_536;
    private static final int LINE = 64;

    private Pem() {}

    /** @throws IllegalArgumentException when the file has no block of that label */
    static byte[] read(Path file, String label) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IllegalArgumentException("too large for a key");
        }
        Matcher block = Pattern.compile("-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]*)-----END " + label + "-----")
                .matcher(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1));
        if (!block.find()) {
            throw new IllegalArgumentException("no " + label);
        }
        return Base64.getMimeDecoder().decode(block.group(1));
    }

    static void write(Path file, String label, byte[] der) throws IOException {
        Files.write(file, text(label, der));
    }

    /** The file is made with its permissions, so that there is no moment at which others can read it. */
    static void writeSecret(Path file, String label, byte[] der) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owner = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (FileChannel channel =
                        FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner);
                var out = Channels.newOutputStream(channel)) {
            out.write(text(label, der));
        }
    }

    private static byte[] text(String label, byte[] der) {
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(label, body, label)
                .replace("\r\n", "\n")
                .getBytes(US_ASCII);
    }
}
