package io.circuitstream.dashboard;

import io.circuitstream.testkit.ChildJvm;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A dashboard in a process of its own, which may be killed: started again it has the same port and the same store. */
record ChildDashboard(TestCluster cluster, Path state, int port) {

    /** On a port that is free now. */
    static ChildDashboard of(TestCluster cluster, Path state) throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new ChildDashboard(cluster, state, socket.getLocalPort());
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    ChildJvm start() {
        Map<String, String> environment = new HashMap<>();
        cluster.addresses()
                .forEach((key, value) -> environment.put(key.replace('.', '_').toUpperCase(Locale.ROOT), value));
        environment.put("CIRCUITSTREAM_HTTP_PORT", Integer.toString(port));
        environment.put("CIRCUITSTREAM_STATE_DIR", state.toString());
        return ChildJvm.start(new ChildJvm.Command(
                "dashboard", Main.class.getName(), List.of("-Xmx256m"), List.of(), environment, state.getParent()));
    }
}
