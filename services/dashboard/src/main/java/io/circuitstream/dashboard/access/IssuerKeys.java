package io.circuitstream.dashboard.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.circuitstream.dashboard.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a provider's keys from where its discovery document says that they are. Neither is kept over a failure, so what moved is found
 * again. Each call takes no longer than it may. Thread-safe.
 */
final class IssuerKeys implements JWKSetSource<SecurityContext> {
    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final long PREPARE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final String issuer;
    private final long patienceNanos;
    private volatile @Nullable Places places;
    private volatile boolean failed;
    private long prepared = System.nanoTime() - PREPARE_NANOS;

    /** What the discovery document says. */
    private record Places(URI keys, @Nullable URI tokens) {}

    IssuerKeys(String issuer, Duration patience) {
        this.issuer = issuer;
        this.patienceNanos = patience.toNanos();
    }

    /** Whether the provider did not give its keys the last time that it was asked. */
    boolean failed() {
        return failed;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
            throws KeySourceException {
        long deadline = System.nanoTime() + patienceNanos;
        try {
            Places known = places;
            if (known == null) {
                known = discover(deadline);
            }
            JWKSet keys = JWKSet.parse(get(known.keys(), deadline));
            failed = false;
            return keys;
        } catch (IOException | ParseException e) {
            failed = true;
            places = null;
            log.atWarn().log("the OIDC issuer's keys cannot be read: {}", e.getMessage());
            throw new JWKSetRetrievalException("the issuer's keys cannot be read", e);
        }
    }

    private Places discover(long deadline) throws IOException {
        JsonNode document = Json.MAPPER.readTree(get(URI.create(issuer.replaceFirst("/$", "") + DISCOVERY), deadline));
        if (!issuer.equals(document.path("issuer").textValue())) {
            throw new IOException(
                    "the discovery document is of another issuer than circuitstream.dashboard.oidc.issuer");
        }
        URI keys = Origins.trusted(document.path("jwks_uri").asText())
                .orElseThrow(() -> new IOException("jwks_uri of the discovery document is no address with https"));
        URI tokens = Origins.trusted(document.path("token_endpoint").asText()).orElse(null);
        Places found = new Places(keys, tokens);
        places = found;
        return found;
    }

    private String get(URI uri, long deadline) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(uri).header("Accept", "application/json").build();
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, BodyHandlers.ofString());
        try {
            HttpResponse<String> response = answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (response.statusCode() != 200) {
                throw new IOException(uri + " answers " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException e) {
            throw new IOException(uri + " does not answer in time", e);
        } catch (ExecutionException e) {
            throw new IOException(uri + " cannot be read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }

    /** Of the provider itself, and of its token endpoint once that is known. */
    List<String> origins() {
        List<String> origins = new ArrayList<>();
        origins.add(Origins.of(URI.create(issuer)));
        Places known = places;
        if (known != null && known.tokens() != null && !origins.contains(Origins.of(known.tokens()))) {
            origins.add(Origins.of(known.tokens()));
        }
        return origins;
    }

    /** Looks where things are, on a thread of its own, unless that is known or was tried just now. */
    synchronized void prepare() {
        if (places != null || System.nanoTime() - prepared < PREPARE_NANOS) {
            return;
        }
        prepared = System.nanoTime();
        Thread thread = new Thread(
                () -> {
                    try {
                        discover(System.nanoTime() + patienceNanos);
                    } catch (IOException e) {
                        log.atWarn().log("the OIDC issuer cannot be asked: {}", e.getMessage());
                    }
                },
                "oidc-discovery");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {}
}
