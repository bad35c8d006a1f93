package io.circuitstream.dashboard.http;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tells an address that there is not from one that takes another method. */
final class Unmatched {
    private final List<Route> routes;

    Unmatched(List<Route> routes) {
        this.routes = routes;
    }

    ProblemException problem(String path) {
        String allowed = routes.stream()
                .filter(route -> matches(route, path))
                .map(route -> route.method().name())
                .distinct()
                .collect(Collectors.joining(", "));
        return allowed.isEmpty()
                ? ProblemException.notFound("There is nothing at this address.")
                : new ProblemException(
                        405, "Method not allowed", "This address takes " + allowed + ".", Map.of("Allow", allowed));
    }

    private static boolean matches(Route route, String path) {
        String pattern = (Server.BASE + route.path()).replaceAll("\\{[a-zA-Z]+\\}", "[^/]+");
        return Pattern.matches(pattern, path);
    }
}
