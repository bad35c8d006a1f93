package io.circuitstream.dashboard.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.chat.ChatTemplateException;
import io.circuitstream.circuits.graphfile.GraphFileException;
import io.circuitstream.dashboard.commands.CommandException;
import io.circuitstream.dashboard.json.FieldException;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.graphs.MalformedGraphException;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.EOFException;
import org.apache.kafka.common.errors.RetriableException;
import org.eclipse.jetty.http.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered when something is wrong: always a problem document, never a stack trace or a name from inside. */
final class Problems {
    private static final Logger log = LoggerFactory.getLogger(Problems.class);
    static final String TYPE = "application/problem+json";

    private Problems() {}

    static void install(JavalinConfig config, Unmatched unmatched) {
        // Named beside Exception: otherwise Javalin answers these itself.
        config.routes.exception(
                HttpResponseException.class,
                (e, context) -> whileThere(
                        context,
                        () -> answer(
                                context,
                                e.getStatus() == 404 && Guard.isApi(context.path())
                                        ? unmatched.problem(context.path())
                                        : of(e))));
        config.routes.exception(Exception.class, (e, context) -> whileThere(context, () -> answer(context, of(e))));
    }

    /**
     * Does nothing when Jetty has taken the response away, as it does when a stream outlives its connection: what fails here Javalin
     * would bring here again, for ever.
     */
    private static void whileThere(Context context, Runnable answer) {
        try {
            context.statusCode();
        } catch (RuntimeException e) {
            log.atDebug().log("a response is gone before its end");
            return;
        }
        answer.run();
    }

    /** The problem that an exception is for the caller. */
    static ProblemException of(Exception e) {
        if (e instanceof ProblemException problem) {
            return problem;
        } else if (e instanceof FieldException
                || e instanceof GraphFileException
                || e instanceof ChatTemplateException) {
            return ProblemException.badRequest(e.getMessage());
        } else if (e instanceof MalformedGraphException) {
            return new ProblemException(500, "Malformed event", e.getMessage());
        } else if (e instanceof CommandException) {
            return ProblemException.unavailable(e.getMessage());
        } else if (e instanceof RetriableException) {
            return ProblemException.unavailable("a broker or the schema registry does not answer: try again");
        } else if (e instanceof EOFException) {
            return ProblemException.badRequest("The request ended before its body did.");
        } else if (e instanceof HttpException malformed) {
            return ofStatus(malformed.getCode());
        } else if (e instanceof HttpResponseException http) {
            return ofStatus(http.getStatus());
        }
        log.atError().setCause(e).log("a request failed");
        return new ProblemException(500, "Internal error", "The server's log says why.");
    }

    private static ProblemException ofStatus(int status) {
        return switch (status) {
            case 404 -> ProblemException.notFound("There is nothing at this address.");
            case 405 -> new ProblemException(405, "Method not allowed", "This address does not take the method.");
            case 413 -> ProblemException.tooLarge("The body is larger than this server takes.");
            default -> new ProblemException(status, "Refused", "The request cannot be answered.");
        };
    }

    static void answer(Context context, ProblemException problem) {
        problem.headers().forEach(context::header);
        ObjectNode json = Json.object()
                .put("type", "about:blank")
                .put("title", problem.title())
                .put("status", problem.status())
                .put("detail", problem.getMessage());
        if (problem.current() != null) {
            json.set("current", problem.current());
        }
        context.status(problem.status()).result(Json.bytes(json)).contentType(TYPE);
    }
}
