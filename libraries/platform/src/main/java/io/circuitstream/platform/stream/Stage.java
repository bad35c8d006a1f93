package io.circuitstream.platform.stream;

import io.circuitstream.platform.serde.Received;
import org.apache.avro.specific.SpecificRecord;

/**
 * One stage's work on one prompt: from the event that it reads to the event that it writes. The same input gives
 * the same result, because a record is processed again after a crash. One instance serves all stream threads of a
 * process, so it must be thread-safe.
 */
public interface Stage<I extends SpecificRecord, O extends SpecificRecord> {

    /**
     * The result for an input that no earlier stage has failed on.
     *
     * @throws RequestException when the request cannot be fulfilled: becomes {@link #failed}
     * @throws org.apache.kafka.common.errors.RetriableException when something that the stage needs is away, such as
     *     {@link UnavailableException}: the record is tried again until it works. Anything else that is thrown is
     *     taken for a bug and makes the input a dead letter.
     */
    O process(Received<I> input, StageProgressListener progress);

    /** The result with status FAILED and this message. Must not fail itself. */
    O failed(Received<I> input, String message);
}
