package io.circuitstream.standalone.cli;

import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.description.topics.FeatureId;
import io.circuitstream.description.topics.LabelWriter;
import io.circuitstream.events.LabelSource;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exit 0 when the brokers have the label. */
@Command(
        name = "label",
        description = "Gives a feature of a deployment a label, which wins over the automatic one, or takes it back.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LabelCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "LAYER/FEATURE", description = "which feature, for example 3/117")
    String feature = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "LABEL", description = "what to call it")
    @Nullable
    String label;

    @Option(names = "--remove", description = "take the label back")
    boolean remove;

    @Option(names = "--author", paramLabel = "NAME", description = "who says so (default: the user's name)")
    String author = System.getProperty("user.name", "");

    @Option(
            names = "--scan",
            paramLabel = "HASH",
            description = "the transcoder's content hash (default: the shipped one's)")
    @Nullable
    String scan;

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        if (remove == (label != null)) {
            throw usage("give a label or --remove");
        }
        if (label != null && label.isBlank()) {
            throw usage("the label is empty");
        }
        if (!feature.matches("\\d{1,4}/\\d{1,9}")) {
            throw usage("'" + feature + "' is not LAYER/FEATURE, for example 3/117");
        }
        FeatureId id = FeatureId.of(scan() + "/" + feature);
        Settings settings = kafka.settings();
        try (LabelWriter writer = new LabelWriter(settings)) {
            if (label == null) {
                writer.remove(id, LabelSource.PERSON);
            } else {
                writer.put(id, LabelSource.PERSON, label.strip(), author);
            }
        } catch (KafkaException e) {
            throw new StartupException(
                    "the label was not taken at " + settings.get(CommonSettings.BOOTSTRAP_SERVERS) + ": "
                            + e.getMessage(),
                    e);
        }
        return 0;
    }

    private String scan() {
        if (scan != null) {
            return scan;
        }
        TensorRuntime.start(1);
        try (Transcoder shipped = TranscoderFiles.load(Home.model().resolve("clt"))) {
            return shipped.scan();
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
