package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.chat.ChatMessage;
import io.circuitstream.circuits.model.Tokens;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.access.Tenants;
import io.circuitstream.dashboard.commands.EventProducer;
import io.circuitstream.dashboard.commands.RateLimit;
import io.circuitstream.dashboard.commands.Requests;
import io.circuitstream.dashboard.json.EventJson;
import io.circuitstream.dashboard.json.FieldException;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.dashboard.reading.View;
import io.circuitstream.dashboard.traces.EventTable;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.events.Topics.Event;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Prompts to trace and to steer, and how they are cut into tokens. */
final class SubmitRoutes {
    private final View view;
    private final EventProducer producer;
    private final RateLimit rate;
    private final @Nullable Tokens tokens;
    private final int maxCharacters;

    SubmitRoutes(View view, EventProducer producer, RateLimit rate, @Nullable Tokens tokens, int maxCharacters) {
        this.view = view;
        this.producer = producer;
        this.rate = rate;
        this.tokens = tokens;
        this.maxCharacters = maxCharacters;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/tokens", Role.VIEWER, this::preview),
                Route.post("/traces", Role.OPERATOR, this::trace),
                Route.post("/steerings", Role.OPERATOR, this::steer),
                Route.get("/steerings/{requestId}", Role.VIEWER, this::steered));
    }

    private void preview(Context context) throws IOException {
        Tokens tokenizer = tokens;
        if (tokenizer == null) {
            throw ProblemException.notFound("this dashboard has no tokenizer: set circuitstream.model");
        }
        JsonNode body = Exchange.body(context);
        requireLength(body);
        Tokens.Prompt prompt = body.hasNonNull("messages")
                ? tokenizer.encode(Requests.messages(body).stream()
                        .map(m -> new ChatMessage(m.getRole(), m.getContent()))
                        .toList())
                : tokenizer.encode(required(Requests.text(body, "text")));
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("tokens");
        for (int i = 0; i < prompt.ids().length; i++) {
            list.addObject()
                    .put("id", prompt.ids()[i])
                    .put("token", tokenizer.token(prompt.ids()[i]))
                    .put("start", prompt.starts()[i])
                    .put("end", prompt.ends()[i])
                    .put("unknown", prompt.ids()[i] == tokenizer.unknown());
        }
        ArrayNode warnings = json.putArray("warnings");
        prompt.warnings().forEach(warnings::add);
        OptionalDouble seconds = view.recent().medianSeconds(prompt.ids().length);
        json.put("secondsEstimate", seconds.isPresent() ? (Double) seconds.getAsDouble() : null);
        Exchange.json(context, 200, json);
    }

    private static String required(@Nullable String text) {
        if (text == null) {
            throw new FieldException("text", "is missing: give text or messages");
        }
        return text;
    }

    private void trace(Context context) throws IOException {
        JsonNode body = Exchange.body(context);
        requireLength(body);
        PromptSubmitted prompt = Requests.prompt(ofTenant(context, body));
        requireRate(rate, prompt.getTenant());
        producer.send(Event.PROMPTS, prompt.getPromptId(), PromptSubmitted.class, prompt);
        Exchange.json(context, 202, Json.object().put("promptId", prompt.getPromptId()));
    }

    private void steer(Context context) throws IOException {
        JsonNode body = Exchange.body(context);
        requireLength(body);
        SteeringRequested request = Requests.steering(ofTenant(context, body), traced(context, body));
        requireRate(rate, request.getPrompt().getTenant());
        producer.send(Event.STEERINGS, request.getRequestId(), SteeringRequested.class, request);
        Exchange.json(context, 202, Json.object().put("requestId", request.getRequestId()));
    }

    /** The request with the caller's tenant, where it names none. */
    private static JsonNode ofTenant(Context context, JsonNode body) {
        String tenant = Caller.tenant(context, Requests.text(body, "tenant"));
        return ((ObjectNode) body).put("tenant", tenant);
    }

    private @Nullable PromptSubmitted traced(Context context, JsonNode body) {
        String promptId = Requests.text(body, "promptId");
        if (promptId == null) {
            return null;
        }
        return TraceRoutes.find(view, context, promptId)
                .flatMap(view::request)
                .orElseThrow(() -> new FieldException("promptId", "is not known here"));
    }

    private void steered(Context context) {
        Tenants tenants = Caller.tenants(context);
        SteeringCompleted event = EventTable.steered(view.store(), context.pathParam("requestId"))
                .map(bytes -> (SteeringCompleted) view.types().decode(Event.STEERED, bytes))
                .filter(steered ->
                        tenants.include(steered.getRequest().getPrompt().getTenant()))
                .orElseThrow(() -> ProblemException.notFound("this request has no result, or not yet"));
        Exchange.json(context, 200, EventJson.tree(event));
    }

    private void requireLength(JsonNode body) {
        int length = body.path("text").asText("").length();
        for (JsonNode message : body.path("messages")) {
            length += message.path("content").asText("").length();
        }
        if (length > maxCharacters) {
            throw ProblemException.tooLarge("the prompt has " + length + " characters, the limit is " + maxCharacters);
        }
    }

    static void requireRate(RateLimit rate, String tenant) {
        long seconds = rate.secondsToWait(tenant);
        if (seconds > 0) {
            throw new ProblemException(
                    429,
                    "Too many requests",
                    "this tenant sends faster than it may: try again in " + seconds + " s",
                    Map.of("Retry-After", Long.toString(seconds)));
        }
    }
}
