package io.circuitstream.dashboard.http;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/**
 * One address of the API.
 *
 * @param path below the base path
 */
record Route(HandlerType method, String path, Handler handler) {
    static Route get(String path, Handler handler) {
        return new Route(HandlerType.GET, path, handler);
    }

    static Route post(String path, Handler handler) {
        return new Route(HandlerType.POST, path, handler);
    }

    static Route put(String path, Handler handler) {
        return new Route(HandlerType.PUT, path, handler);
    }
}
