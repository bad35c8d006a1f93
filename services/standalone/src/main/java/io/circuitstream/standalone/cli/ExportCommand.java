package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.description.files.FeatureFiles;
import io.circuitstream.description.topics.FeatureTopic;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.platform.stream.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exit 0 when features were written, 1 when the deployment has none. */
@Command(
        name = "export",
        description = "Writes what a deployment knows of its features as files that existing front ends read.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class ExportCommand implements Callable<Integer> {
    @Option(
            names = "--features",
            paramLabel = "DIR",
            required = true,
            description =
                    "folder for index.json.gz and one file for each layer, as circuit-tracer's front end reads them")
    Path features = Path.of("features");

    @Option(
            names = "--separate",
            description = "also a JSON file for each feature, named by the number that graph nodes have for it")
    boolean separate;

    @Option(
            names = "--scan",
            paramLabel = "HASH",
            description = "features of this transcoder (default: the only one there is)")
    @Nullable
    String scan;

    @Option(names = "--json", description = "print one JSON document and nothing else")
    boolean json;

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Override
    public Integer call() throws IOException {
        Set<String> scans = new TreeSet<>();
        try (FeatureFiles files = new FeatureFiles(features, separate)) {
            FeatureTopic.read(kafka.settings(), feature -> add(files, feature, scans));
            if (scans.size() > 1) {
                throw new StartupException("there are features of several transcoders, choose one with --scan: "
                        + String.join(", ", scans));
            }
            int count = files.finish();
            print(count, scans.isEmpty() ? "" : scans.iterator().next());
            return count > 0 ? 0 : 1;
        }
    }

    private void add(FeatureFiles files, FeatureDescription feature, Set<String> scans) {
        if (scan != null && !scan.equals(feature.getScan())) {
            return;
        }
        scans.add(feature.getScan());
        try {
            files.add(feature);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(int count, String of) {
        System.out.println(
                json
                        ? new ObjectMapper()
                                .createObjectNode()
                                .put("features", count)
                                .put("scan", of)
                                .put("folder", features.toString())
                                .toPrettyString()
                        : count == 0
                                ? "no features are described yet: send prompts first"
                                : count + " features in " + features);
    }
}
