package io.circuitstream.dashboard.http;

import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.live.StreamServer;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Server-sent events. */
final class StreamRoute {
    private final StreamServer streams;

    StreamRoute(StreamServer streams) {
        this.streams = streams;
    }

    List<Route> routes() {
        return List.of(Route.get("/events", Role.VIEWER, this::open));
    }

    private void open(Context context) throws IOException {
        StreamServer.Opened opened = streams.open(Caller.of(context))
                .orElseThrow(() -> ProblemException.unavailable("as many pages watch as this server allows"));
        String header = context.header("Last-Event-ID");
        String lastEventId = header != null ? header : Exchange.text(context, "lastEventId");
        context.disableCompression();
        HttpServletResponse response = context.res();
        response.setStatus(200);
        response.setContentType("text/event-stream;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");
        OutputStream out = response.getOutputStream();
        context.future(() -> opened.serve(out, lastEventId));
    }
}
