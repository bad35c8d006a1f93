package io.circuitstream.audit.behaviour;

import io.circuitstream.platform.stream.ServiceMain;

/** A process that runs the windowed part only. */
final class BehaviourMain {
    private BehaviourMain() {}

    public static void main(String[] arguments) {
        System.exit(ServiceMain.run(
                "audit",
                arguments,
                BehaviourSettings.all(),
                context -> context.service(BehaviourService.topology(context))));
    }
}
