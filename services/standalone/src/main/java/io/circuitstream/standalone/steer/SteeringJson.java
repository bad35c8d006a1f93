package io.circuitstream.standalone.steer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.events.GeneratedToken;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.TokenProbability;
import java.util.List;

/** Both answers as one JSON document. */
public final class SteeringJson {
    private SteeringJson() {}

    public static ObjectNode of(SteeringCompleted result) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("requestId", result.getRequestId())
                .put("status", result.getStatus().name())
                .put("message", result.getMessage())
                .put("model", result.getProvenance().getModelName())
                .put("scan", result.getProvenance().getScan())
                .put("mode", result.getRequest().getMode().name())
                .put("divergence", result.getDivergence());
        ArrayNode tokens = json.putArray("tokens");
        result.getTokens().forEach(tokens::add);
        top(json.putArray("clean"), result.getCleanTop());
        top(json.putArray("steered"), result.getSteeredTop());
        continuation(json.putArray("cleanContinuation"), result.getCleanContinuation());
        continuation(json.putArray("steeredContinuation"), result.getSteeredContinuation());
        return json;
    }

    private static void top(ArrayNode array, List<TokenProbability> tokens) {
        tokens.forEach(t -> array.addObject()
                .put("token", t.getToken())
                .put("id", t.getId())
                .put("probability", t.getProbability()));
    }

    private static void continuation(ArrayNode array, List<GeneratedToken> tokens) {
        tokens.forEach(t -> array.addObject()
                .put("token", t.getToken())
                .put("id", t.getTokenId())
                .put("probability", t.getProbability()));
    }
}
