package io.circuitstream.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.dashboard.access.Access;
import io.circuitstream.dashboard.access.Principal;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.access.StaticTokens;
import io.circuitstream.dashboard.access.Tenants;
import io.circuitstream.dashboard.json.Json;
import io.circuitstream.platform.health.Health;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every route of the API with every kind of caller. Who is refused is asked of the server as it is; who is let in of one whose handlers
 * only say so, because what they need is not there.
 */
class RolesTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Tenants LAB = Tenants.of(List.of("lab", "acme"));
    private static final List<Principal> CALLERS = Stream.of(Tenants.ALL, LAB)
            .flatMap(tenants -> Stream.of(Role.values())
                    .map(role -> new Principal(role + "-" + tenants.areAll(), role, tenants, null)))
            .toList();

    @TempDir
    static Path folder;

    private static Offline real;
    private static Server echo;
    private static URI echoes;

    @BeforeAll
    static void start() {
        real = new Offline(folder, access(), 64);
        Guard guard = new Guard(access(), "127.0.0.1", real.routes);
        List<Route> routes = real.routes.stream()
                .map(route -> guard.guarded(route.with(context -> context.result("in"))))
                .toList();
        Health well = new Health() {
            @Override
            public boolean isLive() {
                return true;
            }

            @Override
            public Optional<String> notReady() {
                return Optional.empty();
            }
        };
        echo = Server.start("127.0.0.1", 0, guard, routes, new Server.Probes(well, () -> ""));
        echoes = URI.create("http://127.0.0.1:" + echo.port());
    }

    @AfterAll
    static void stop() throws Exception {
        echo.close();
        real.close();
    }

    private static Access access() {
        StaticTokens tokens = StaticTokens.NONE;
        for (Principal caller : CALLERS) {
            tokens = tokens.with(caller.name(), caller);
        }
        return new Access(tokens, null);
    }

    private static HttpResponse<String> call(URI server, String method, String path, Principal caller)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .header("Authorization", "Bearer " + caller.name())
                .method(
                        method,
                        method.equals("GET") || method.equals("HEAD")
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString("{}"))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static String concrete(Route route) {
        return Server.BASE
                + route.path().replaceAll("\\{(layer|feature)\\}", "1").replaceAll("\\{[a-zA-Z]+\\}", "x");
    }

    private static boolean may(Principal caller, Route route) {
        return route.role() == null
                || (caller.role().includes(route.role())
                        && (!route.ofAllTenants() || caller.tenants().areAll()));
    }

    @Test
    void shouldLetInWhoMayAndNobodyElseWhenAnyRouteIsCalled() throws Exception {
        int refused = 0;
        for (Route route : real.routes) {
            for (Principal caller : CALLERS) {
                String method = route.method().name();
                String as = method + " " + route.path() + " as " + caller;
                HttpResponse<String> answer = call(echoes, method, concrete(route), caller);
                if (may(caller, route)) {
                    assertThat(answer.body()).as(as).isEqualTo("in");
                    continue;
                }
                refused++;
                assertRefused(answer, caller, route, as);
                assertRefused(call(real.uri, method, concrete(route), caller), caller, route, as);
            }
        }
        assertThat(refused).isGreaterThan(40);
    }

    private static void assertRefused(HttpResponse<String> answer, Principal caller, Route route, String as)
            throws Exception {
        assertThat(answer.statusCode()).as(as).isEqualTo(403);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        String detail = Json.MAPPER.readTree(answer.body()).path("detail").textValue();
        if (caller.role().includes(route.role())) {
            assertThat(detail).as(as).isEqualTo("This is of all tenants together, and you see only lab, acme.");
        } else {
            assertThat(detail)
                    .as(as)
                    .isEqualTo("This needs the role " + route.role().spelling() + ", and you are "
                            + caller.role().spelling() + ".");
        }
    }

    @Test
    void shouldTellNoMoreWhenOnlyTheHeadIsAskedFor() throws Exception {
        Principal viewer = CALLERS.get(0);
        for (Route route : real.routes) {
            if (route.method().name().equals("GET") && !may(viewer, route)) {
                HttpResponse<String> answer = call(real.uri, "HEAD", concrete(route), viewer);

                assertThat(answer.headers().firstValue("Content-Length"))
                        .as(route.path())
                        .hasValue("0");
            }
        }
        HttpRequest stranger = HttpRequest.newBuilder(real.uri.resolve("/api/v1/traces"))
                .method("HEAD", BodyPublishers.noBody())
                .build();
        assertThat(HTTP.send(stranger, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }

    /** What the table of the README says, so that a role that is changed in the code alone is noticed. */
    @Test
    void shouldNeedMoreThanAViewerForExactlyTheseWhenRoutesAreListed() {
        assertThat(real.routes)
                .filteredOn(route -> route.role() == Role.OPERATOR)
                .extracting(route -> route.method() + " " + route.path())
                .containsExactlyInAnyOrder(
                        "POST /traces",
                        "POST /steerings",
                        "POST /imports",
                        "PUT /traces/{promptId}/annotations",
                        "PUT /labels/{scan}/{layer}/{feature}");
        assertThat(real.routes)
                .filteredOn(route -> route.role() == Role.ADMIN)
                .extracting(Route::path)
                .containsExactlyInAnyOrder(
                        "/dead-letters/{service}",
                        "/dead-letters/{service}/{place}",
                        "/dead-letters/{service}/replays");
        assertThat(real.routes)
                .filteredOn(Route::ofAllTenants)
                .extracting(Route::path)
                .containsExactlyInAnyOrder(
                        "/labels/{scan}/{layer}/{feature}",
                        "/dead-letters/{service}",
                        "/dead-letters/{service}/{place}",
                        "/dead-letters/{service}/replays",
                        "/audit/trust",
                        "/audit/edges",
                        "/audit/chains",
                        "/audit/behaviours",
                        "/audit/behaviours/{scan}/{windowStart}");
        assertThat(real.routes)
                .filteredOn(route -> route.role() == null)
                .extracting(Route::path)
                .containsExactly("/access");
    }

    @Test
    void shouldSayWhoCallsWhenAsked() throws Exception {
        for (Principal caller : CALLERS) {
            JsonNode me = Json.MAPPER.readTree(
                    call(real.uri, "GET", "/api/v1/me", caller).body());

            assertThat(me)
                    .isEqualTo(Json.MAPPER.readTree("{\"name\":\"" + caller.name() + "\",\"role\":\""
                            + caller.role().spelling() + "\",\"tenants\":"
                            + (caller.tenants().areAll() ? "null" : "[\"lab\",\"acme\"]") + "}"));
        }
    }

    @Test
    void shouldRefuseWhenAPromptIsSentForAnotherTenant() throws Exception {
        Principal maker = new Principal("OPERATOR-false", Role.OPERATOR, LAB, null);
        for (String path : List.of("/traces", "/steerings")) {
            HttpRequest request = HttpRequest.newBuilder(real.uri.resolve("/api/v1" + path))
                    .header("Authorization", "Bearer " + maker.name())
                    .POST(BodyPublishers.ofString("{\"text\":\"a\",\"tenant\":\"other\"}"))
                    .build();

            HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("You may send for lab, acme only.");
        }
        assertThat(call(real.uri, "POST", "/api/v1/imports?tenant=other", maker).statusCode())
                .isEqualTo(403);
        assertThat(call(real.uri, "POST", "/api/v1/imports?tenant=acme", maker).statusCode())
                .isEqualTo(400);
    }
}
