package io.circuitstream.dashboard.http;

import io.circuitstream.circuits.graphfile.GraphFile;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.commands.EventProducer;
import io.circuitstream.dashboard.commands.RateLimit;
import io.circuitstream.dashboard.commands.Requests;
import io.circuitstream.dashboard.graphs.ImportedGraph;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.reading.Steps;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.traces.TraceTable;
import io.circuitstream.events.CircuitAnnotations;
import io.circuitstream.events.GraphImported;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.topics.RecordLimits;
import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** Graphs that other programs made. */
final class ImportRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final View view;
    private final EventProducer producer;
    private final RateLimit rate;
    private final Steps steps;
    private final int maxBytes;
    /** Reading one takes several times its size. */
    private final Semaphore one = new Semaphore(1);

    ImportRoutes(View view, EventProducer producer, RateLimit rate, Steps steps, int maxBytes) {
        this.view = view;
        this.producer = producer;
        this.rate = rate;
        this.steps = steps;
        this.maxBytes = maxBytes;
    }

    List<Route> routes() {
        return List.of(Route.post("/imports", Role.OPERATOR, this::receive));
    }

    private void receive(Context context) throws IOException, InterruptedException {
        String named = Exchange.text(context, "tenant");
        String tenant = Caller.tenant(context, named == null ? null : Requests.brief("tenant", named));
        SubmitRoutes.requireRate(rate, tenant);
        String given = Exchange.text(context, "name");
        String name = given == null ? "imported graph" : Requests.brief("name", given);
        String promptId = "import-" + UUID.randomUUID();
        one.acquire();
        try {
            send(promptId, name, tenant, Exchange.bytes(context, maxBytes));
        } finally {
            one.release();
        }
        steps.await(() -> TraceTable.find(view.store(), promptId).isPresent(), PATIENCE);
        Exchange.json(context, 201, Json.object().put("promptId", promptId));
    }

    private void send(String promptId, String name, String tenant, byte[] body) throws IOException {
        ImportedGraph graph = new ImportedGraph(GraphFile.read(new ByteArrayInputStream(body)));
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        byte[] event = producer.bytes(Event.IMPORTS, GraphImported.class, graph.event(promptId, name, tenant, now));
        if (event.length > RecordLimits.MAX_VALUE_BYTES) {
            throw ProblemException.tooLarge("the graph has " + event.length + " bytes as an event, more than the "
                    + RecordLimits.MAX_VALUE_BYTES + " that a record may have: prune it further");
        }
        producer.send(Event.IMPORTS, promptId, event);
        Optional<CircuitAnnotations> annotations = graph.annotations(promptId, now);
        annotations.ifPresent(each -> producer.send(Event.ANNOTATIONS, promptId, CircuitAnnotations.class, each));
    }
}
