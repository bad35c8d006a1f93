package io.circuitstream.platform.serde;

import io.circuitstream.events.AttributionGraph;
import io.circuitstream.events.Circuit;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.ProgressState;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.StageProgress;
import io.circuitstream.events.TrainingProgress;
import io.circuitstream.events.ValidationReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;

/** Events to serialise. */
final class Events {
    static final List<Class<? extends SpecificRecord>> TYPES = List.of(
            PromptSubmitted.class,
            InferenceCompleted.class,
            AttributionGraph.class,
            Circuit.class,
            ValidationReport.class,
            StageProgress.class,
            TrainingProgress.class);

    private Events() {}

    static StageProgress progress() {
        return StageProgress.newBuilder()
                .setPromptId("p1")
                .setStage("pruning")
                .setState(ProgressState.RUNNING)
                .setDone(3)
                .setTotal(200)
                .build();
    }

    static PromptSubmitted prompt() {
        return PromptSubmitted.newBuilder().setPromptId("p1").setText("one").build();
    }

    /** Every field of every nested record filled, the same for the same seed. */
    static <T extends SpecificRecord> T random(Class<T> type, long seed) {
        EventClasses.trust();
        Schema schema = SpecificData.get().getSchema(type);
        Object generic = new RandomData(schema, 1, seed, true).iterator().next();
        return AvroBody.decode(bytes(schema, generic), 0, schema, type);
    }

    static byte[] bytes(Schema schema, Object generic) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<>(schema).write(generic, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
