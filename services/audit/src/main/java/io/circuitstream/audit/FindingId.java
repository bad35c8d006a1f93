package io.circuitstream.audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Names findings: the same rule meeting the same record gives the same id, however often and wherever it is read. */
final class FindingId {
    private static final int BYTES = 16;

    private FindingId() {}

    /** Hex over the parts, each with its length before it, so that no two lists of parts run together. */
    static String of(RuleReference rule, Subject subject, String occurrence) {
        return digest(List.of(rule.name(), rule.version(), subject.promptId(), subject.scan(), occurrence));
    }

    private static String digest(List<String> parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String part : parts) {
                byte[] text = part.getBytes(StandardCharsets.UTF_8);
                out.writeInt(text.length);
                out.write(text);
            }
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
