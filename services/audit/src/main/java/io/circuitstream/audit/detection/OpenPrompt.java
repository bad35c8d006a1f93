package io.circuitstream.audit.detection;

import io.circuitstream.audit.rules.Rule.Stage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a prompt that has not all of its results. Results may be read before their prompt.
 *
 * @param prompt where it stands; null as long as only results were read
 * @param readAt wall clock when the prompt was read; of results without a prompt, when the first was
 * @param last the stage whose result was read last; null when none was
 * @param reported names of the rules that have a finding of it
 * @param overdue stages that those are about
 */
record OpenPrompt(
        @Nullable Origin prompt,
        String tenant,
        long readAt,
        Set<Stage> seen,
        @Nullable Stage last,
        @Nullable Origin lastOrigin,
        Set<String> reported,
        Set<Stage> overdue) {
    private static final Set<Stage> ALL = EnumSet.allOf(Stage.class);

    static OpenPrompt unseen(long now) {
        return new OpenPrompt(null, "", now, Set.of(), null, null, Set.of(), Set.of());
    }

    OpenPrompt with(Sighting sighting, long now) {
        Stage stage = sighting.stage();
        if (stage == null) {
            // A prompt that is sent again while the first is open does not begin its time anew.
            return prompt != null
                    ? this
                    : new OpenPrompt(
                            sighting.origin(), sighting.tenant(), now, seen, last, lastOrigin, reported, overdue);
        }
        EnumSet<Stage> more = EnumSet.of(stage);
        more.addAll(seen);
        boolean later = last == null || stage.compareTo(last) >= 0;
        return new OpenPrompt(
                prompt,
                tenant,
                readAt,
                more,
                later ? stage : last,
                later ? sighting.origin() : lastOrigin,
                reported,
                overdue);
    }

    OpenPrompt reported(String rule, Stage stage) {
        Set<String> names = new LinkedHashSet<>(reported);
        names.add(rule);
        EnumSet<Stage> stages = EnumSet.of(stage);
        stages.addAll(overdue);
        return new OpenPrompt(prompt, tenant, readAt, seen, last, lastOrigin, names, stages);
    }

    boolean isComplete() {
        return prompt != null && seen.containsAll(ALL);
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, prompt);
            out.writeUTF(tenant);
            out.writeLong(readAt);
            write(out, seen);
            out.writeByte(last == null ? -1 : last.ordinal());
            write(out, lastOrigin);
            out.writeInt(reported.size());
            for (String rule : reported) {
                out.writeUTF(rule);
            }
            write(out, overdue);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static OpenPrompt decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Origin prompt = readOrigin(in);
            String tenant = in.readUTF();
            long readAt = in.readLong();
            Set<Stage> seen = readStages(in);
            int last = in.readByte();
            Origin lastOrigin = readOrigin(in);
            Set<String> reported = new LinkedHashSet<>();
            for (int left = in.readInt(); left > 0; left--) {
                reported.add(in.readUTF());
            }
            return new OpenPrompt(
                    prompt,
                    tenant,
                    readAt,
                    seen,
                    last < 0 ? null : Stage.values()[last],
                    lastOrigin,
                    reported,
                    readStages(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(DataOutputStream out, @Nullable Origin origin) throws IOException {
        out.writeBoolean(origin != null);
        if (origin != null) {
            out.writeUTF(origin.topic());
            out.writeInt(origin.partition());
            out.writeLong(origin.offset());
            out.writeUTF(origin.sha256());
            out.writeLong(origin.time().toEpochMilli());
        }
    }

    private static @Nullable Origin readOrigin(DataInputStream in) throws IOException {
        return in.readBoolean()
                ? new Origin(
                        in.readUTF(), in.readInt(), in.readLong(), in.readUTF(), Instant.ofEpochMilli(in.readLong()))
                : null;
    }

    private static void write(DataOutputStream out, Set<Stage> stages) throws IOException {
        int bits = 0;
        for (Stage stage : stages) {
            bits |= 1 << stage.ordinal();
        }
        out.writeByte(bits);
    }

    private static Set<Stage> readStages(DataInputStream in) throws IOException {
        int bits = in.readByte();
        EnumSet<Stage> stages = EnumSet.noneOf(Stage.class);
        for (Stage stage : Stage.values()) {
            if ((bits & 1 << stage.ordinal()) != 0) {
                stages.add(stage);
            }
        }
        return stages;
    }
}
