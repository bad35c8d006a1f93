package io.circuitstream.standalone.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A report as {@code bench … --json} prints it. */
public final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double GIGA = 1e9;

    private ReportJson() {}

    /** {@code machine} and {@code results}. */
    public static ObjectNode of(Report report) {
        Machine machine = report.machine();
        Double own = machine.gemmOwnShapes();
        ObjectNode document = JSON.createObjectNode();
        document.putObject("machine")
                .put("gemmGflops", machine.gemm() / GIGA)
                .put("gemmGflopsOwnShapes", own == null ? null : (Double) (own / GIGA))
                .put("copyGBps", machine.copy() / GIGA)
                .put("threads", machine.threads());
        document.set("results", JSON.valueToTree(report.results()));
        return document;
    }

    /**
     * The report that was printed.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Report read(String document) {
        try {
            JsonNode json = JSON.readTree(document);
            JsonNode machine = json.path("machine");
            JsonNode own = machine.path("gemmGflopsOwnShapes");
            return new Report(
                    new Machine(
                            machine.path("gemmGflops").asDouble() * GIGA,
                            own.isNumber() ? (Double) (own.asDouble() * GIGA) : null,
                            machine.path("copyGBps").asDouble() * GIGA,
                            machine.path("threads").asInt()),
                    List.of(JSON.treeToValue(json.required("results"), Measured[].class)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this is no report: " + document, e);
        }
    }
}
