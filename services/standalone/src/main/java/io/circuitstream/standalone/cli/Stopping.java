package io.circuitstream.standalone.cli;

import io.circuitstream.standalone.Deployment;

/** An orderly end on SIGTERM and Ctrl-C. */
final class Stopping {
    private Stopping() {}

    /** Halts at the end, because a JVM that ends by a signal otherwise exits with 143 though it finished everything. */
    static void closeOnSignal(Deployment deployment, Runnable afterwards) {
        Thread hook = new Thread(
                () -> {
                    deployment.close();
                    afterwards.run();
                    Runtime.getRuntime().halt(0);
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }
}
