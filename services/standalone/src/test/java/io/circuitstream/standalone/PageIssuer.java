package io.circuitstream.standalone;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * An OpenID provider for the page's specifications. It shows its people as links: who is clicked is signed in, and remembered by a
 * cookie. Codes are changed for tokens once, by who has the verifier.
 */
final class PageIssuer implements AutoCloseable {
    static final String CLIENT = "page";
    static final String AUDIENCE = "the dashboard of this test";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final long HOUR = 3600;
    /** What the dashboard forgives of clocks. */
    private static final long SKEW = 60;

    /** @param first seconds that the first token is taken for; with a refresh token others follow, that last an hour */
    private record Person(List<String> tenants, long first, boolean refreshes) {}

    /** By name, which is the role too. */
    private static final Map<String, Person> PEOPLE = Map.of(
            "viewer", new Person(List.of("*"), HOUR, false),
            "operator", new Person(List.of("a"), 4, true),
            "admin", new Person(List.of("*"), HOUR, false));

    private record Grant(String person, String challenge) {}

    private final Map<String, Grant> codes = new ConcurrentHashMap<>();
    private final KeyPair key;
    private final HttpServer http;

    PageIssuer() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        key = generator.generateKeyPair();
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/.well-known/openid-configuration", exchange -> json(exchange, 200, discovery()));
        http.createContext("/keys", exchange -> json(exchange, 200, Map.of("keys", List.of(publicKey()))));
        http.createContext("/authorize", this::authorize);
        http.createContext("/token", this::token);
        http.createContext("/end", PageIssuer::end);
        http.createContext("/expired", exchange -> json(exchange, 200, Map.of("token", sign(claims("viewer", -HOUR)))));
        http.start();
    }

    String uri() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private Map<String, Object> discovery() {
        return Map.of(
                "issuer", uri(),
                "authorization_endpoint", uri() + "/authorize",
                "token_endpoint", uri() + "/token",
                "end_session_endpoint", uri() + "/end",
                "jwks_uri", uri() + "/keys");
    }

    private Map<String, Object> publicKey() {
        RSAPublicKey known = (RSAPublicKey) key.getPublic();
        return Map.of(
                "kty", "RSA",
                "use", "sig",
                "alg", "RS256",
                "kid", "1",
                "n", unsigned(known.getModulus()),
                "e", unsigned(known.getPublicExponent()));
    }

    private static String unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        return BASE64.encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = parameters(exchange.getRequestURI().getRawQuery());
        String cookie = exchange.getRequestHeaders().getFirst("Cookie");
        String remembered = cookie == null || "login".equals(asked.get("prompt")) ? "" : cookie.replace("person=", "");
        String person = asked.getOrDefault("person", remembered);
        if (!PEOPLE.containsKey(person)) {
            String links = PEOPLE.keySet().stream()
                    .map(name -> "<li><a href=\"?%s&amp;person=%s\">%s</a></li>"
                            .formatted(exchange.getRequestURI().getRawQuery().replace("&", "&amp;"), name, name))
                    .collect(Collectors.joining());
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            answer(
                    exchange,
                    200,
                    "<!doctype html><html lang=en><title>Who are you?</title><link rel=icon href=data:,><ul>" + links
                            + "</ul></html>");
            return;
        }
        String code = UUID.randomUUID().toString();
        codes.put(code, new Grant(person, asked.get("code_challenge")));
        exchange.getResponseHeaders().set("Set-Cookie", "person=" + person + "; HttpOnly");
        redirect(
                exchange,
                asked.get("redirect_uri") + "?code=" + code + "&state=" + URLEncoder.encode(asked.get("state"), UTF_8));
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> asked =
                parameters(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        String refresh = asked.get("refresh_token");
        if (refresh != null) {
            json(exchange, 200, tokens(refresh, HOUR, false));
            return;
        }
        Grant grant = codes.remove(asked.getOrDefault("code", ""));
        if (grant == null || !grant.challenge.equals(challenge(asked.getOrDefault("code_verifier", "")))) {
            json(exchange, 400, Map.of("error", "invalid_grant"));
            return;
        }
        Person person = PEOPLE.get(grant.person);
        json(exchange, 200, tokens(grant.person, person.first, person.refreshes));
    }

    /** The refresh token is the name of the person. */
    private Map<String, Object> tokens(String person, long seconds, boolean refreshes) {
        Map<String, Object> tokens = new HashMap<>(Map.of(
                "access_token",
                sign(claims(person, seconds - SKEW)),
                "id_token",
                sign(Map.of("iss", uri(), "aud", CLIENT, "sub", person)),
                "token_type",
                "Bearer",
                "expires_in",
                seconds));
        if (refreshes) {
            tokens.put("refresh_token", person);
        }
        return tokens;
    }

    private Map<String, Object> claims(String person, long seconds) {
        return Map.of(
                "iss",
                uri(),
                "aud",
                AUDIENCE,
                "sub",
                person,
                "preferred_username",
                person,
                "roles",
                List.of(person),
                "tenants",
                PEOPLE.get(person).tenants,
                "exp",
                System.currentTimeMillis() / 1000 + seconds);
    }

    private String sign(Map<String, Object> claims) {
        try {
            String content = part(Map.of("alg", "RS256", "typ", "JWT", "kid", "1")) + "." + part(claims);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.getPrivate());
            signature.update(content.getBytes(US_ASCII));
            return content + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String part(Map<String, Object> value) throws IOException {
        return BASE64.encodeToString(JSON.writeValueAsBytes(value));
    }

    private static String challenge(String verifier) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return BASE64.encodeToString(sha.digest(verifier.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void end(HttpExchange exchange) throws IOException {
        Map<String, String> asked = parameters(exchange.getRequestURI().getRawQuery());
        exchange.getResponseHeaders().set("Set-Cookie", "person=; Max-Age=0");
        redirect(exchange, asked.get("post_logout_redirect_uri"));
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            parameters.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], UTF_8));
        }
        return parameters;
    }

    private static void redirect(HttpExchange exchange, String address) throws IOException {
        exchange.getResponseHeaders().set("Location", address);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    /** The page asks from another origin. */
    private static void json(HttpExchange exchange, int status, Map<String, Object> value) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
        answer(exchange, status, JSON.writeValueAsString(value));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
