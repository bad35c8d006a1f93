package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.model.ModelConfig;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.events.Topics;
import io.circuitstream.platform.provenance.CodeVersion;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "version",
        description = "Prints the version and what this build can read and write.",
        mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
    @Option(names = "--json", description = "print one JSON document and nothing else")
    boolean json;

    @Override
    public Integer call() {
        ObjectNode document = new ObjectMapper()
                .createObjectNode()
                .put("version", CodeVersion.current().version())
                .put("commit", System.getProperty("circuitstream.commit", "unknown"));
        ModelConfig.SUPPORTED.forEach(document.putArray("modelTypes")::add);
        for (Transcoder.Kind kind : Transcoder.Kind.values()) {
            document.withArray("transcoderKinds").add(kind.modelKind());
        }
        List.of("relu", "jump_relu", "topk").forEach(document.putArray("activations")::add);
        List.of("neuronpedia-1", "safetensors").forEach(document.putArray("graphFormats")::add);
        Topics topics = new Topics(Topics.DEFAULT_PREFIX);
        for (Topics.Event event : Topics.Event.values()) {
            document.withArray("topics").add(topics.name(event));
        }
        System.out.println(
                json
                        ? document.toPrettyString()
                        : "circuitstream " + document.get("version").asText() + " ("
                                + document.get("commit").asText() + ")");
        return 0;
    }
}
