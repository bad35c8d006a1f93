package io.circuitstream.pruning;

import io.circuitstream.platform.stream.ServiceMain;
import java.util.List;

/** The pruning service as a process of its own. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(ServiceMain.run(
                "pruning",
                arguments,
                List.of(),
                context -> context.service(PruningTopology.of(context, new PruningStage()))));
    }
}
