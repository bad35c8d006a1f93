package io.circuitstream.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTClaimsSet;
import io.circuitstream.dashboard.access.Access;
import io.circuitstream.dashboard.access.ClaimRules;
import io.circuitstream.dashboard.access.Oidc;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.access.StaticTokens;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.testkit.LocalIssuer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server with a provider on this machine. */
@Timeout(120)
class OidcServerTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private LocalIssuer issuer;
    private Offline server;

    @BeforeEach
    void start() {
        issuer = LocalIssuer.start();
        Oidc oidc = new Oidc(new Oidc.Config(
                issuer.issuer(),
                "here",
                "page",
                "openid profile",
                new ClaimRules("roles", Map.of("reader", Role.VIEWER), "org"),
                Duration.ofMillis(50),
                Duration.ofSeconds(20)));
        server = new Offline(folder, new Access(StaticTokens.NONE, oidc), 64);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        issuer.close();
    }

    private JWTClaimsSet.Builder claims() {
        return issuer.claims("here").claim("roles", "reader").claim("org", "lab");
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri.resolve(path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void shouldTellHowToLogInWithoutCredentialsWhenAsked() throws Exception {
        HttpResponse<String> answer = get("/api/v1/access", null);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Json.MAPPER.readTree(answer.body()))
                .isEqualTo(Json.MAPPER.readTree("{\"kinds\":[\"oidc\"],\"oidc\":{\"authority\":\"" + issuer.issuer()
                        + "\",\"clientId\":\"page\",\"scope\":\"openid profile\"}}"));
    }

    @Test
    void shouldLetInOrSayWhyNotWhenATokenIsSent() throws Exception {
        HttpResponse<String> me =
                get("/api/v1/me", issuer.sign(claims().claim("name", "Ada").build()));
        HttpResponse<String> roleless =
                get("/api/v1/me", issuer.sign(claims().claim("roles", "other").build()));
        HttpResponse<String> stranger =
                get("/api/v1/me", issuer.sign(claims().audience("another").build()));

        assertThat(me.body()).isEqualTo("{\"name\":\"Ada\",\"role\":\"viewer\",\"tenants\":[\"lab\"]}");
        assertThat(roleless.statusCode()).isEqualTo(403);
        assertThat(detail(roleless)).contains("gives you no role here: its claim roles has none of reader");
        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(stranger.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        issuer.rotate();
        issuer.leave();
        HttpResponse<String> away = get("/api/v1/me", issuer.sign(claims().build()));
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.headers().firstValue("Retry-After")).isPresent();
        assertThat(detail(away)).contains("issuer of tokens does not answer");
    }

    @Test
    void shouldTakeALongTokenWhenItNamesManyRoles() throws Exception {
        List<String> roles = new ArrayList<>(List.of("reader"));
        IntStream.range(0, 1_000).forEach(i -> roles.add("role-of-another-" + i));

        assertThat(get("/api/v1/me", issuer.sign(claims().claim("roles", roles).build()))
                        .statusCode())
                .isEqualTo(200);
    }

    private static String detail(HttpResponse<String> answer) throws Exception {
        JsonNode problem = Json.MAPPER.readTree(answer.body());
        assertThat(problem.path("status").intValue()).isEqualTo(answer.statusCode());
        return problem.path("detail").textValue();
    }

    @Test
    void shouldLetThePageConnectToTheIssuerAndItsTokensAndNothingElse() throws Exception {
        get("/api/v1/access", null);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(get("/", null).headers().firstValue("Content-Security-Policy"))
                        .hasValue("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                                + " connect-src 'self' " + issuer.issuer() + " https://tokens.example;"
                                + " font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
    }

    @Test
    void shouldEndTheStreamWhenTheTokenExpires() throws Exception {
        Instant almost = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(50); // a minute is forgiven
        String token = issuer.sign(claims().expirationTime(Date.from(almost)).build());

        HttpResponse<String> stream = get("/api/v1/events", token); // returns when it has ended

        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.body()).contains("event: hello");
        // Timers and the wall clock do not agree to the millisecond.
        assertThat(Instant.now()).isAfter(almost.plusSeconds(60).minusMillis(100));
        assertThat(get("/api/v1/events", token).statusCode()).isEqualTo(401);
        await().atMost(SOON).until(() -> server.hub.clients() == 0);
    }
}
