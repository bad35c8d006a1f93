package io.circuitstream.dashboard.access;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Addresses that tokens may go to and keys may come from: over https, and on this machine also without. */
public final class Origins {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    /** Without what has a meaning of its own in a content security policy. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\]");

    private Origins() {}

    /** The address; empty when it is none that may be trusted. */
    public static Optional<URI> trusted(String text) {
        try {
            URI uri = URI.create(text);
            String host = uri.getHost();
            boolean known = host != null && HOST.matcher(host).matches() && uri.getUserInfo() == null;
            boolean safe =
                    "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && LOOPBACK.contains(host));
            return known && safe && uri.getFragment() == null ? Optional.of(uri) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@code scheme://host} and the port where it is not the usual one. */
    static String of(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}
