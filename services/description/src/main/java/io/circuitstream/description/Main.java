package io.circuitstream.description;

import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.description.endpoint.LabelEndpoint;
import io.circuitstream.platform.settings.ModelSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.platform.stream.ServiceMain;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.platform.stream.StreamService;

/** The description service as a process of its own. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(ServiceMain.run("description", arguments, DescriptionSettings.all(), Main::service));
    }

    private static StreamService service(ServiceContext context) {
        TraceableModel model = load(context.settings());
        Describer describer = new Describer(model);
        return LabelEndpoint.of(context.settings())
                .map(endpoint -> context.service(DescriptionTopology.of(context, describer, endpoint), endpoint, model))
                .orElseGet(() -> context.service(DescriptionTopology.of(context, describer, feature -> {}), model));
    }

    private static TraceableModel load(Settings settings) {
        try {
            return TraceableModel.load(
                    settings.get(ModelSettings.MODEL),
                    settings.get(ModelSettings.TRANSCODER),
                    settings.get(ModelSettings.TENSOR_THREADS));
        } catch (ModelFileException e) {
            throw new StartupException(e.getMessage(), e);
        }
    }
}
