package io.circuitstream.dashboard;

import io.circuitstream.dashboard.access.Access;
import io.circuitstream.dashboard.access.ClaimRules;
import io.circuitstream.dashboard.access.Oidc;
import io.circuitstream.dashboard.access.Origins;
import io.circuitstream.dashboard.access.Principal;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.access.StaticTokens;
import io.circuitstream.dashboard.access.Tenants;
import io.circuitstream.dashboard.access.TokenFile;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may call the dashboard, beside the one token of {@link DashboardSettings#TOKEN}. */
public final class AccessSettings {
    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String ROLES =
            "pairs VALUE=ROLE with commas between them, each role one of viewer, operator, admin";

    public static final Setting<Path> TOKENS_FILE = Setting.path(
                    "circuitstream.dashboard.tokens.file",
                    "File with bearer tokens: a JSON list of name, token, role (viewer, operator or admin) and, where not"
                            + " all, tenants.")
            .optional();

    public static final Setting<String> ISSUER = Setting.text(
                    "circuitstream.dashboard.oidc.issuer",
                    "OpenID provider whose tokens (JWT) are taken, as its tokens name it.")
            .where(text -> Origins.trusted(text).isPresent(), "an address with https, or of this machine with http")
            .optional();

    public static final Setting<String> AUDIENCE = Setting.text(
                    "circuitstream.dashboard.oidc.audience",
                    "What a token must name as its audience; required with an issuer.")
            .optional();

    public static final Setting<String> CLIENT_ID = Setting.text(
                    "circuitstream.dashboard.oidc.client.id",
                    "Public client with which the page itself logs people in; without it the page takes tokens only.")
            .optional();

    public static final Setting<String> SCOPE = Setting.text(
                    "circuitstream.dashboard.oidc.scope", "What the page asks for when it logs somebody in.")
            .withDefault("openid profile");

    public static final Setting<String> ROLES_CLAIM = Setting.text(
                    "circuitstream.dashboard.oidc.roles.claim",
                    "Claim with the roles, a text or a list; a dot leads into an object, as in realm_access.roles.")
            .withDefault("roles");

    public static final Setting<Map<String, Role>> OIDC_ROLES = Setting.of(
                    "circuitstream.dashboard.oidc.roles",
                    ROLES,
                    AccessSettings::roles,
                    "Which value of that claim is which role; the highest counts.")
            .withDefault("viewer=viewer,operator=operator,admin=admin");

    public static final Setting<String> TENANTS_CLAIM = Setting.text(
                    "circuitstream.dashboard.oidc.tenants.claim",
                    "Claim with the tenants whose prompts the bearer sees, a text or a list, `*` for all; a token without it"
                            + " is refused. Unset, every bearer sees all.")
            .optional();

    static final List<Setting<?>> ALL =
            List.of(TOKENS_FILE, ISSUER, AUDIENCE, CLIENT_ID, SCOPE, ROLES_CLAIM, OIDC_ROLES, TENANTS_CLAIM);

    private AccessSettings() {}

    /** A value may have an equals sign, a role has none. */
    private static Map<String, Role> roles(String text) {
        Map<String, Role> roles = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.lastIndexOf('=');
            String value = equals < 1 ? "" : pair.substring(0, equals).strip();
            Optional<Role> role = Role.of(pair.substring(equals + 1).strip());
            if (value.isEmpty() || role.isEmpty() || roles.put(value, role.get()) != null) {
                throw new IllegalArgumentException(ROLES);
            }
        }
        return roles;
    }

    /**
     * Who may call.
     *
     * @throws SettingsException naming the setting that is wrong or missing, and what to do
     */
    static Access access(Settings settings) {
        StaticTokens tokens =
                settings.find(TOKENS_FILE).map(AccessSettings::tokens).orElse(StaticTokens.NONE);
        String token = token(settings);
        if (token != null) {
            tokens = tokens.with(token, new Principal("token", Role.ADMIN, Tenants.ALL, null));
        }
        Optional<String> issuer = settings.find(ISSUER);
        if (issuer.isEmpty()) {
            List.of(AUDIENCE, CLIENT_ID, TENANTS_CLAIM).forEach(setting -> requireUnset(settings, setting));
        }
        return new Access(tokens, issuer.map(known -> oidc(settings, known)).orElse(null));
    }

    /** Somebody who sets one of these does not expect an open server. */
    private static void requireUnset(Settings settings, Setting<String> setting) {
        if (settings.find(setting).isPresent()) {
            throw new SettingsException(setting.key() + " does nothing without " + ISSUER.key() + ": set both or none");
        }
    }

    private static StaticTokens tokens(Path file) {
        try {
            return TokenFile.read(Files.readAllBytes(file));
        } catch (IOException e) {
            throw unreadable(TOKENS_FILE, file, e);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(TOKENS_FILE.key() + ": " + file + ": " + e.getMessage());
        }
    }

    private static @Nullable String token(Settings settings) {
        Optional<Path> file = settings.find(DashboardSettings.TOKEN_FILE);
        if (file.isEmpty()) {
            return settings.find(DashboardSettings.TOKEN).orElse(null);
        }
        try {
            String token = Files.readString(file.get()).strip();
            if (token.isEmpty()) {
                throw new SettingsException(DashboardSettings.TOKEN_FILE.key() + ": " + file.get() + " is empty");
            }
            return token;
        } catch (IOException e) {
            throw unreadable(DashboardSettings.TOKEN_FILE, file.get(), e);
        }
    }

    private static SettingsException unreadable(Setting<Path> setting, Path file, IOException e) {
        return new SettingsException(setting.key() + ": " + file + " cannot be read: " + e.getMessage());
    }

    private static Oidc oidc(Settings settings, String issuer) {
        String audience = settings.find(AUDIENCE)
                .orElseThrow(() -> new SettingsException(AUDIENCE.key() + " is missing: with " + ISSUER.key()
                        + " it says which of the issuer's tokens are for this dashboard"));
        return new Oidc(new Oidc.Config(
                issuer,
                audience,
                settings.find(CLIENT_ID).orElse(null),
                settings.get(SCOPE),
                new ClaimRules(
                        settings.get(ROLES_CLAIM),
                        settings.get(OIDC_ROLES),
                        settings.find(TENANTS_CLAIM).orElse(null)),
                ASK_AGAIN,
                PATIENCE));
    }
}
