package io.circuitstream.dashboard.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.events.Topics;
import io.circuitstream.platform.deadletters.DeadLetter;
import io.circuitstream.platform.deadletters.DeadLetters;
import io.circuitstream.platform.deadletters.Replay;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records that services could not process: to list, look at, and send again. */
final class DeadLetterRoutes {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterRoutes.class);
    private static final int MOST_LETTERS = 100;
    /** Of the letters that are sent together, which are in memory together. */
    private static final long MOST_BYTES = 64L << 20;

    private static final int PREVIEW_BYTES = 256;
    private static final int LONGEST_HEADER = 4_000;
    private static final int LONGEST_STACKTRACE = 20_000;

    private final DeadLetters letters;
    private final Supplier<Replay> replay;

    /** @param replay opens one for each request; may throw as {@link DeadLetters} does */
    DeadLetterRoutes(DeadLetters letters, Supplier<Replay> replay) {
        this.letters = letters;
        this.replay = replay;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/dead-letters/{service}", Role.ADMIN, this::list).forAllTenants(),
                Route.get("/dead-letters/{service}/{place}", Role.ADMIN, this::show)
                        .forAllTenants(),
                Route.post("/dead-letters/{service}/replays", Role.ADMIN, this::sendAgain)
                        .forAllTenants());
    }

    private void list(Context context) {
        ObjectNode json = Json.object();
        ArrayNode records = json.putArray("records");
        letters.newest(service(context), Exchange.number(context, "limit", 50, 1, MOST_LETTERS))
                .forEach(letter -> records.add(summary(letter)));
        Exchange.json(context, 200, json);
    }

    private void show(Context context) {
        DeadLetter letter = at(service(context), context.pathParam("place"));
        byte[] value = letter.value() == null ? new byte[0] : letter.value();
        ObjectNode json = summary(letter)
                .put("stacktrace", cut(letter.stacktrace(), LONGEST_STACKTRACE))
                .put("preview", HexFormat.of().formatHex(Arrays.copyOf(value, Math.min(value.length, PREVIEW_BYTES))));
        ArrayNode headers = json.putArray("headers");
        for (Header header : letter.headers()) {
            headers.addObject()
                    .put("name", cut(header.key(), LONGEST_HEADER))
                    .put(
                            "value",
                            header.value() == null ? null : cut(new String(header.value(), UTF_8), LONGEST_HEADER));
        }
        Exchange.json(context, 200, json);
    }

    /** One request at a time: the letters are in memory while they are sent. */
    private synchronized void sendAgain(Context context) throws IOException {
        String service = service(context);
        List<DeadLetter> chosen = new ArrayList<>();
        long bytes = 0;
        for (String place : places(Exchange.body(context))) {
            DeadLetter letter = at(service, place);
            bytes += letter.bytes();
            if (bytes > MOST_BYTES) {
                throw ProblemException.tooLarge("these letters have more than " + (MOST_BYTES >> 20)
                        + " MiB together: send fewer at once; none was sent");
            }
            chosen.add(letter);
        }
        send(chosen);
        ObjectNode json = Json.object();
        ArrayNode sent = json.putArray("sent");
        chosen.forEach(letter -> sent.addObject()
                .put("place", letter.place())
                .put("topic", letter.origin().topic())
                .put("partition", letter.origin().partition()));
        Exchange.json(context, 200, json);
    }

    private void send(List<DeadLetter> chosen) {
        try (Replay sending = replay.get()) {
            sending.send(chosen);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(e.getMessage() + "; none was sent");
        } catch (AuthorizationException e) {
            throw e; // Says what is missing; nothing was sent.
        } catch (KafkaException e) {
            log.atWarn().setCause(e).log("dead letters were not sent again");
            throw ProblemException.unavailable("the brokers did not confirm that they have the letters:"
                    + " look whether they were sent before you try again");
        }
    }

    private static Set<String> places(JsonNode body) {
        Set<String> places = new LinkedHashSet<>();
        body.path("letters").forEach(place -> places.add(place.asText()));
        if (places.isEmpty() || places.size() > MOST_LETTERS) {
            throw ProblemException.badRequest("letters must name 1 to " + MOST_LETTERS + " places, such as \"0:12\"");
        }
        return places;
    }

    private DeadLetter at(String service, String place) {
        if (!place.matches("\\d{1,9}:\\d{1,18}")) {
            throw ProblemException.badRequest("a letter is named PARTITION:OFFSET, for example 0:12");
        }
        String[] parts = place.split(":", 2);
        return letters.at(service, Integer.parseInt(parts[0]), Long.parseLong(parts[1]))
                .orElseThrow(() ->
                        ProblemException.notFound(service + " has no dead letter at " + place + ", or no longer"));
    }

    private static String service(Context context) {
        String service = context.pathParam("service");
        if (!Topics.STAGES.contains(service)) {
            throw ProblemException.notFound("service must be one of " + String.join(", ", Topics.STAGES));
        }
        return service;
    }

    private static ObjectNode summary(DeadLetter letter) {
        String key = letter.keyText();
        ObjectNode json = Json.object()
                .put("place", letter.place())
                .put("at", letter.at())
                .put("key", key == null ? null : cut(key, LONGEST_HEADER))
                .put("bytes", letter.bytes())
                .put("exception", letter.exception())
                .put("message", cut(letter.message(), LONGEST_HEADER))
                .put("replays", letter.replays());
        return letter.origin() == null
                ? json.putNull("origin")
                : json.set(
                        "origin",
                        Json.object()
                                .put("topic", letter.origin().topic())
                                .put("partition", letter.origin().partition())
                                .put("offset", letter.originOffset()));
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
}
