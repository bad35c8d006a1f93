package io.circuitstream.platform.stream;

import java.util.List;

/** A process that runs {@link EchoStage}, as small as a service's Main may be. */
final class EchoMain {

    private EchoMain() {}

    public static void main(String[] arguments) {
        System.exit(ServiceMain.run("echo", arguments, List.of(), EchoMain::create));
    }

    private static StreamService create(ServiceContext context) {
        return context.service(EchoStage.topology(context, new EchoStage()));
    }
}
