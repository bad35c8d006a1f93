package io.circuitstream.platform.stream;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The headers of a result: CloudEvents 1.0 in binary mode. The input's headers describe the input and stay behind, but for the
 * context of its trace.
 */
final class ResultHeaders {

    private ResultHeaders() {}

    /**
     * @param source of the result, an application id: ids are unique within it
     * @param digest of the input event, or of the result itself when it has not one input
     */
    static RecordHeaders of(String source, String key, String digest, SpecificRecord result) {
        RecordHeaders headers = new RecordHeaders();
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", id(key, digest));
        add(headers, "ce_source", "/" + source);
        add(headers, "ce_type", result.getSchema().getFullName());
        add(headers, "content-type", "application/avro");
        return headers;
    }

    /**
     * 128 bits of SHA-256 in hex: the same input event gives the same id however often it is sent or processed, so that
     * whoever sends a prompt twice, or replays one, can tell its results from new ones.
     */
    static String id(String key, String digest) {
        byte[] id = sha256().digest((digest + "/" + key).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(id, 0, 16);
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
