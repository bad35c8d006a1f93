package io.circuitstream.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** An OpenID provider on this machine: its discovery document, its key, and tokens of any content. It asks nobody who they are. */
public final class LocalIssuer implements AutoCloseable {
    /** The first one of all: such keys take long to make. */
    private static final RSAKey FIRST = rsa();

    private final AtomicInteger asked = new AtomicInteger();
    private final int port;
    private volatile JWK key;
    private HttpServer server;

    private LocalIssuer() throws IOException {
        key = FIRST;
        server = serve(0);
        port = server.getAddress().getPort();
    }

    /** On a free port, with a key for RS256. */
    public static LocalIssuer start() {
        try {
            return new LocalIssuer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RSAKey rsa() {
        try {
            return new RSAKeyGenerator(2048).keyID("first").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key of this name, for ES256. */
    public static JWK newKey(String name) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(name).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpServer serve(int port) throws IOException {
        HttpServer created = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        created.createContext("/.well-known/openid-configuration", exchange -> {
            Map<String, Object> document = Map.of(
                    "issuer",
                    issuer(),
                    "jwks_uri",
                    issuer() + "/keys",
                    "token_endpoint",
                    "https://tokens.example/token");
            answer(exchange, JSONObjectUtils.toJSONString(document));
        });
        created.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            answer(exchange, new JWKSet(key.toPublicJWK()).toString());
        });
        created.start();
        return created;
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** As its tokens name it, and where it is. */
    public String issuer() {
        return "http://127.0.0.1:" + port;
    }

    /** The key that tokens are signed with now. */
    public JWK key() {
        return key;
    }

    /** How often its keys were asked for. */
    public int asked() {
        return asked.get();
    }

    /** From now on another key, for ES256, is the only one. */
    public void rotate() {
        key = newKey(UUID.randomUUID().toString());
    }

    /** Claims of somebody, for an hour. */
    public JWTClaimsSet.Builder claims(String audience) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(audience)
                .subject("4f1c")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(3_600)));
    }

    /** A token with these claims, signed with the key. */
    public String sign(JWTClaimsSet claims) {
        return sign(claims, key);
    }

    /** A token that another key has signed. */
    public static String sign(JWTClaimsSet claims, JWK key) {
        JWSAlgorithm algorithm = key instanceof RSAKey ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
        JWSHeader header = new JWSHeader.Builder(algorithm)
                .keyID(key.getKeyID())
                .type(JOSEObjectType.JWT)
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    /** Does not answer until it is back. */
    public void leave() {
        server.stop(0);
    }

    /** Answers again, at the same address. */
    public void comeBack() {
        try {
            server = serve(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
