package io.circuitstream.dashboard.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.circuitstream.dashboard.access.RefusedException.Why;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies tokens of an OpenID provider: signed by one of its keys, with an asymmetric algorithm, for this audience, now. Keys are asked
 * for when a token needs them, kept for five minutes, an hour while the provider is away, and asked for again when a token names one
 * that is not known. Thread-safe.
 */
public final class Oidc implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Oidc.class);
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);
    private static final int SKEW_SECONDS = 60;
    private static final Duration KEYS_LAST = Duration.ofMinutes(5);
    private static final Duration KEYS_LAST_WITHOUT_ISSUER = Duration.ofHours(1);
    private final Config config;
    private final IssuerKeys keys;
    private final JWKSource<SecurityContext> source;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /**
     * What was set.
     *
     * @param issuer as it stands in its tokens
     * @param clientId with which the page itself logs people in; null when it does not
     * @param askAgain the provider is asked for keys at most twice in this time
     * @param patience as long as it may take to answer, which is also as long as others wait for the one who asks
     */
    public record Config(
            String issuer,
            String audience,
            @Nullable String clientId,
            String scope,
            ClaimRules rules,
            Duration askAgain,
            Duration patience) {}

    /** Asks nothing yet. */
    public Oidc(Config config) {
        this.config = config;
        this.keys = new IssuerKeys(config.issuer(), config.patience());
        this.source = JWKSourceBuilder.create(keys)
                .cache(KEYS_LAST.toMillis(), config.patience().toMillis())
                .rateLimited(config.askAgain().toMillis())
                .retrying(true)
                .outageTolerant(KEYS_LAST_WITHOUT_ISSUER.toMillis())
                .build();
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                config.audience(),
                new JWTClaimsSet.Builder().issuer(config.issuer()).build(),
                Set.of("sub", "exp"));
        claims.setMaxClockSkew(SKEW_SECONDS);
        processor.setJWTClaimsSetVerifier(claims);
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, source));
    }

    public Config config() {
        return config;
    }

    /**
     * Whom the token stands for.
     *
     * @throws RefusedException when it is none of this provider's, for others, too old or too new, or gives no role here
     */
    Principal principal(String token) {
        JWTClaimsSet claims = verified(token);
        Instant expires = claims.getExpirationTime().toInstant().plusSeconds(SKEW_SECONDS);
        return config.rules().principal(claims.getClaims(), expires);
    }

    private JWTClaimsSet verified(String token) {
        try {
            return processor.process(token, null);
        } catch (BadJWTException | ParseException e) {
            throw refused(e);
        } catch (RateLimitReachedException e) {
            throw keys.failed() ? away(e) : refused(e); // the keys are new: this one is not among them
        } catch (KeySourceException e) {
            throw away(e);
        } catch (BadJOSEException e) {
            throw keys.failed() ? away(e) : refused(e); // the key may be newer than those of before the outage
        } catch (JOSEException e) {
            throw refused(e);
        }
    }

    /** The exception's message is told to nobody: it may have a claim in it. */
    private static RefusedException refused(Exception e) {
        log.atDebug().log("a token is refused: {}", e.getClass().getSimpleName());
        return new RefusedException(Why.NOT_KNOWN, "This server wants a bearer token that is valid, and for it.");
    }

    private static RefusedException away(Exception e) {
        log.atDebug().log("a token cannot be verified: {}", e.getClass().getSimpleName());
        return new RefusedException(
                Why.ISSUER_AWAY, "The issuer of tokens does not answer, so yours cannot be verified: try again.");
    }

    /** Where the page must be able to connect to, to log somebody in: the provider, and where its tokens are, once that is known. */
    public List<String> origins() {
        return config.clientId() == null ? List.of() : keys.origins();
    }

    /** Asks the provider where its tokens are, if that is not known, without waiting for the answer. */
    public void prepare() {
        keys.prepare();
    }

    @Override
    public void close() {
        try {
            ((JWKSetBasedJWKSource<SecurityContext>) source).close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
