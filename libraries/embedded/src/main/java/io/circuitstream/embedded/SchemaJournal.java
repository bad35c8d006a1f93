package io.circuitstream.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry's changes, one JSON object a line, only ever appended and on the disk when {@link #append} returns. A
 * process that died while it appended leaves a last line without its end: nobody was told of that change, so it is cut
 * off. Any other line that cannot be read refuses the start, because ids given out must not change.
 */
final class SchemaJournal implements SchemaStore.Journal, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaJournal.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileChannel channel;
    private final List<SchemaStore.Entry> history;

    private SchemaJournal(FileChannel channel, List<SchemaStore.Entry> history) {
        this.channel = channel;
        this.history = history;
    }

    /** @throws EmbeddedException if a line before the last is damaged */
    static SchemaJournal open(Path file) throws IOException {
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        int whole = bytes.length;
        while (whole > 0 && bytes[whole - 1] != '\n') {
            whole--;
        }
        List<SchemaStore.Entry> history = read(file, new String(bytes, 0, whole, StandardCharsets.UTF_8));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (whole < bytes.length) {
            LOG.atWarn().log("The last line of {} was not written completely and is dropped", file);
            channel.truncate(whole);
        }
        channel.position(whole);
        return new SchemaJournal(channel, history);
    }

    /** What the file held when it was opened, oldest first. */
    List<SchemaStore.Entry> history() {
        return history;
    }

    @Override
    public void append(SchemaStore.Entry entry) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((write(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        long start = channel.position();
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        } catch (IOException e) {
            // A full disk: half a line must not stand before the next one.
            channel.truncate(start);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static List<SchemaStore.Entry> read(Path file, String text) {
        List<SchemaStore.Entry> entries = new ArrayList<>();
        for (String line : text.lines().toList()) {
            try {
                SchemaStore.Entry entry = parse(JSON.readTree(line));
                if (entry instanceof SchemaStore.Registered registered) {
                    SchemaStore.parse(registered.schema());
                }
                entries.add(entry);
            } catch (JsonProcessingException | RuntimeException e) {
                throw new EmbeddedException(
                        "Line " + (entries.size() + 1) + " of " + file.toAbsolutePath()
                                + " is damaged: restore the file, or delete it together with the topics",
                        e);
            }
        }
        return entries;
    }

    private static SchemaStore.Entry parse(JsonNode line) {
        if (line.has("level")) {
            String subject = line.has("subject") ? line.get("subject").textValue() : null;
            return new SchemaStore.LevelSet(
                    subject, CompatibilityLevel.parse(line.required("level").textValue()));
        }
        return new SchemaStore.Registered(
                line.required("subject").textValue(),
                line.required("version").intValue(),
                line.required("id").intValue(),
                line.required("schema").textValue());
    }

    private static ObjectNode write(SchemaStore.Entry entry) {
        ObjectNode line = JSON.createObjectNode();
        if (entry instanceof SchemaStore.Registered registered) {
            return line.put("subject", registered.subject())
                    .put("version", registered.version())
                    .put("id", registered.id())
                    .put("schema", registered.schema());
        }
        SchemaStore.LevelSet set = (SchemaStore.LevelSet) entry;
        if (set.subject() != null) {
            line.put("subject", set.subject());
        }
        return line.put("level", set.level().name());
    }
}
