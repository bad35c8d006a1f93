package io.circuitstream.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.circuitstream.dashboard.access.RefusedException.Why;
import io.circuitstream.testkit.LocalIssuer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of a provider on this machine. */
class OidcTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration NEVER = Duration.ofMinutes(4);
    private static final Duration AT_ONCE = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String HERE = "circuitstream";
    private static final ClaimRules RULES = new ClaimRules("roles", Map.of("maker", Role.OPERATOR), "org");

    private LocalIssuer issuer;

    @BeforeEach
    void start() {
        issuer = LocalIssuer.start();
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private Access access(String address, Duration askAgain, Duration patience) {
        StaticTokens tokens = StaticTokens.NONE.with("static", new Principal("ci", Role.VIEWER, Tenants.ALL, null));
        return new Access(
                tokens, new Oidc(new Oidc.Config(address, HERE, "page", "openid", RULES, askAgain, patience)));
    }

    private Access access(Duration askAgain) {
        return access(issuer.issuer(), askAgain, PATIENCE);
    }

    private JWTClaimsSet.Builder claims() {
        return issuer.claims(HERE)
                .claim("roles", List.of("maker"))
                .claim("org", "acme")
                .claim("preferred_username", "ada");
    }

    private static Why refusal(Access access, String token) {
        return catchThrowableOfType(RefusedException.class, () -> access.principal("Bearer " + token))
                .why();
    }

    private static boolean knows(Access access, String token) {
        try {
            return access.principal("Bearer " + token).name().equals("ada");
        } catch (RefusedException e) {
            return false;
        }
    }

    @Test
    void shouldKnowTheBearerWhenTheTokenIsValid() {
        Instant expires = Instant.parse("2100-01-01T00:00:00Z");
        String token = issuer.sign(claims().expirationTime(Date.from(expires)).build());
        try (Access access = access(NEVER)) {
            Principal ada = access.principal("Bearer " + token);

            assertThat(ada)
                    .isEqualTo(
                            new Principal("ada", Role.OPERATOR, Tenants.of(List.of("acme")), expires.plusSeconds(60)));
            assertThat(access.principal("bearer static").name()).isEqualTo("ci");
            assertThat(access.kinds()).containsExactly("token", "oidc");
            assertThat(issuer.asked()).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseWhenAClaimIsNotAsItMustBe() {
        Instant now = Instant.now();
        List<JWTClaimsSet.Builder> bad = List.of(
                claims().audience("another"),
                claims().audience(List.of()),
                claims().issuer("https://another.example"),
                claims().issuer(null),
                claims().subject(null),
                claims().expirationTime(null),
                claims().expirationTime(Date.from(now.minusSeconds(90))),
                claims().notBeforeTime(Date.from(now.plusSeconds(300))));
        try (Access access = access(NEVER)) {
            for (JWTClaimsSet.Builder each : bad) {
                JWTClaimsSet claims = each.build();
                assertThatThrownBy(() -> access.principal("Bearer " + issuer.sign(claims)))
                        .as("%s", claims)
                        .isInstanceOfSatisfying(
                                RefusedException.class, e -> assertThat(e.why()).isEqualTo(Why.NOT_KNOWN))
                        .message()
                        .doesNotContain("another")
                        .doesNotContain("ada");
            }
            assertThat(knows(
                            access,
                            issuer.sign(claims().expirationTime(Date.from(now.minusSeconds(20)))
                                    .build())))
                    .as("clocks may differ by a minute")
                    .isTrue();
            assertThat(refusal(
                            access, issuer.sign(claims().claim("roles", "other").build())))
                    .isEqualTo(Why.NO_RIGHTS);
        }
    }

    @Test
    void shouldRefuseWhenTheSignatureIsNotTheIssuers() throws Exception {
        JWTClaimsSet claims = claims().build();
        String good = issuer.sign(claims);
        RSAKey key = issuer.key().toRSAKey();
        JWK sameName = new RSAKeyGenerator(2048).keyID(key.getKeyID()).generate();
        JWK otherName = LocalIssuer.newKey("other");
        SignedJWT shared = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(), claims);
        shared.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
        String[] parts = good.split("\\.", -1);
        String[] others = issuer.sign(claims().claim("org", "*").build()).split("\\.", -1);
        try (Access access = access(NEVER)) {
            assertThat(refusal(access, new PlainJWT(claims).serialize()))
                    .as("before any key is known")
                    .isEqualTo(Why.NOT_KNOWN);
            assertThat(knows(access, good)).isTrue();
            for (String bad : List.of(
                    LocalIssuer.sign(claims, sameName),
                    LocalIssuer.sign(claims, otherName),
                    new PlainJWT(claims).serialize(),
                    shared.serialize(),
                    parts[0] + "." + parts[1] + ".",
                    parts[0] + "." + others[1] + "." + parts[2],
                    parts[0] + "." + parts[1],
                    good + ".x.y",
                    "..",
                    "{}",
                    "",
                    "\u0000")) {
                assertThat(refusal(access, bad)).as(bad).isEqualTo(Why.NOT_KNOWN);
            }
            for (String header : new String[] {null, "", good, "Basic " + good, "Bearer"}) {
                assertThatThrownBy(() -> access.principal(header)).isInstanceOf(RefusedException.class);
            }
        }
    }

    @Test
    void shouldTakeTheNewKeyAndNotTheOldOneWhenKeysAreRotated() {
        try (Access access = access(AT_ONCE)) {
            String before = issuer.sign(claims().build());
            assertThat(knows(access, before)).isTrue();
            issuer.rotate();

            await().atMost(SOON).until(() -> knows(access, issuer.sign(claims().build())));

            await().atMost(SOON).until(() -> refusal(access, before) == Why.NOT_KNOWN);
        }
    }

    @Test
    void shouldSayThatTheIssuerIsAwayAndGoOnWhenItIsBack() {
        String token = issuer.sign(claims().build());
        issuer.leave();
        try (Access access = access(AT_ONCE)) {
            assertThat(refusal(access, token)).isEqualTo(Why.ISSUER_AWAY);
            assertThat(refusal(access, "no token")).isEqualTo(Why.NOT_KNOWN);
            assertThat(access.principal("Bearer static").name()).isEqualTo("ci");
            issuer.comeBack();

            await().atMost(SOON).until(() -> knows(access, token));
        }
    }

    @Test
    void shouldGoOnWithTheKeysThatItHasWhenTheIssuerGoesAway() {
        try (Access access = access(AT_ONCE)) {
            assertThat(knows(access, issuer.sign(claims().build()))).isTrue();
            String known = issuer.sign(claims().build());
            issuer.rotate();
            issuer.leave();

            assertThat(refusal(access, issuer.sign(claims().build()))).isEqualTo(Why.ISSUER_AWAY);
            assertThat(knows(access, known)).isTrue();
        }
    }

    @Test
    void shouldNotPesterTheIssuerWhenManyTokensNameUnknownKeys() {
        JWK other = LocalIssuer.newKey("other");
        String bad = LocalIssuer.sign(claims().build(), other);
        try (Access access = access(NEVER)) {
            for (int i = 0; i < 20; i++) {
                assertThat(refusal(access, bad)).isEqualTo(Why.NOT_KNOWN);
            }
            assertThat(knows(access, issuer.sign(claims().build()))).isTrue();
            assertThat(issuer.asked()).isEqualTo(2);
        }
    }

    @Test
    void shouldNotWaitForLongWhenTheIssuerIsSilent() throws Exception {
        String token = issuer.sign(claims().build());
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Access access = access("http://127.0.0.1:" + silent.getLocalPort(), NEVER, AT_ONCE)) {
            long start = System.nanoTime();

            for (int i = 0; i < 5; i++) {
                assertThat(refusal(access, token)).isEqualTo(Why.ISSUER_AWAY);
            }

            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
        }
    }

    @Test
    void shouldNotTrustKeysWhenTheDiscoveryDocumentIsOfAnotherIssuer() {
        String address = issuer.issuer().replace("127.0.0.1", "localhost");
        String token = issuer.sign(claims().issuer(address).build());
        try (Access access = access(address, AT_ONCE, PATIENCE)) {
            assertThat(refusal(access, token)).isEqualTo(Why.ISSUER_AWAY);
            assertThat(issuer.asked()).isZero();
        }
    }

    @Test
    void shouldNameWhereThePageConnectsWhenItLogsIn() {
        try (Oidc page = new Oidc(new Oidc.Config(issuer.issuer(), HERE, "page", "openid", RULES, NEVER, PATIENCE));
                Oidc api = new Oidc(new Oidc.Config(issuer.issuer(), HERE, null, "openid", RULES, NEVER, PATIENCE))) {
            assertThat(page.origins()).containsExactly(issuer.issuer());
            page.prepare();
            api.prepare();

            await().atMost(SOON).untilAsserted(() -> assertThat(page.origins())
                    .containsExactly(issuer.issuer(), "https://tokens.example"));
            assertThat(api.origins()).isEmpty();
        }
    }
}
