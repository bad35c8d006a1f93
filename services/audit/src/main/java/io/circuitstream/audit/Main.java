package io.circuitstream.audit;

import io.circuitstream.platform.stream.ServiceMain;

/** The audit service as a process of its own. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(ServiceMain.run("audit", arguments, AuditSettings.all(), Audit::of));
    }
}
