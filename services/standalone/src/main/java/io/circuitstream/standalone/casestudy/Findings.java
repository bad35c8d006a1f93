package io.circuitstream.standalone.casestudy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.circuitstream.events.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What people wrote of the circuits after looking at them and at their figures. Words hold for the weights that were looked at.
 *
 * @param model hash of the model that was looked at
 * @param scan hash of its transcoder
 * @param findings by task
 */
record Findings(String model, String scan, Map<String, String> findings) {

    /** Those of {@code findings.yaml}. */
    static Findings load() {
        try (InputStream file = Objects.requireNonNull(Findings.class.getResourceAsStream("findings.yaml"))) {
            return new ObjectMapper(new YAMLFactory()).readValue(file, Findings.class);
        } catch (IOException e) {
            throw new UncheckedIOException("findings.yaml inside the jar cannot be read", e);
        }
    }

    /** Empty when nobody wrote one, or of other weights. */
    Optional<String> of(String task, Provenance provenance) {
        boolean same = model.equals(provenance.getModelHash()) && scan.equals(provenance.getScan());
        return same ? Optional.ofNullable(findings.get(task)).map(String::strip) : Optional.empty();
    }
}
