package io.circuitstream.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.dashboard.access.Access;
import io.circuitstream.dashboard.access.Principal;
import io.circuitstream.dashboard.access.Role;
import io.circuitstream.dashboard.access.Tenants;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessSettingsTest {
    private static final String ISSUER = "https://id.example/realms/a";

    @TempDir
    Path folder;

    private static Access access(String... pairs) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put("circuitstream.dashboard." + pairs[i], pairs[i + 1]);
        }
        return AccessSettings.access(Settings.of(DashboardSettings.all(), values));
    }

    @Test
    void shouldAskNobodyWhenNothingIsSet() {
        Access access = access();

        assertThat(access.isOpen()).isTrue();
        assertThat(access.kinds()).isEmpty();
        assertThat(access.principal(null)).isEqualTo(new Principal("", Role.ADMIN, Tenants.ALL, null));
    }

    @Test
    void shouldKnowAllTokensWhenThereAreOneAndAFile() throws Exception {
        Path file = Files.writeString(
                folder.resolve("tokens.json"),
                "[{\"name\":\"ci\",\"token\":\"t\",\"role\":\"viewer\",\"tenants\":[\"a\"]}]");

        Access access = access("token", "one", "tokens.file", file.toString());

        assertThat(access.principal("Bearer one").role()).isEqualTo(Role.ADMIN);
        assertThat(access.principal("Bearer t").tenants()).isEqualTo(Tenants.of(List.of("a")));
        assertThat(access.kinds()).containsExactly("token");
    }

    @Test
    void shouldTakeWhatIsSetOfOidcWhenThereIsAnIssuer() {
        try (Access access = access(
                "oidc.issuer", ISSUER, "oidc.audience", "here", "oidc.roles", "a=viewer, cn=b = admin,c=admin")) {
            var config = access.oidc().orElseThrow().config();

            assertThat(access.kinds()).containsExactly("oidc");
            assertThat(config.issuer()).isEqualTo(ISSUER);
            assertThat(config.clientId()).isNull();
            assertThat(config.scope()).isEqualTo("openid profile");
            assertThat(config.rules().rolesClaim()).isEqualTo("roles");
            assertThat(config.rules().roles()).isEqualTo(Map.of("a", Role.VIEWER, "cn=b", Role.ADMIN, "c", Role.ADMIN));
            assertThat(config.rules().tenantsClaim()).isNull();
        }
    }

    @Test
    void shouldSayWhatIsMissingWhenOidcIsSetHalf() {
        assertThatThrownBy(() -> access("oidc.issuer", ISSUER))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("circuitstream.dashboard.oidc.audience is missing");
        for (String alone : List.of("oidc.audience", "oidc.client.id", "oidc.tenants.claim")) {
            assertThatThrownBy(() -> access(alone, "x"))
                    .as(alone)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(alone + " does nothing without circuitstream.dashboard.oidc.issuer");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "oidc.issuer  | http://id.example",
                "oidc.issuer  | id.example",
                "oidc.roles   | a",
                "oidc.roles   | a=owner",
                "oidc.roles   | =admin",
                "oidc.roles   | a=admin,",
                "oidc.roles   | a=admin,a=viewer",
                "rate.tenants | a",
                "rate.tenants | a=0",
                "rate.tenants | a=1000001",
                "rate.tenants | =5",
                "rate.tenants | a=5,a=6",
            })
    void shouldRefuseToStartWhenAValueIsNotAllowed(String setting, String value) {
        assertThatThrownBy(() -> access(setting, value))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("circuitstream.dashboard." + setting);
    }

    @Test
    void shouldRefuseToStartAndNameTheFileWhenItIsBad() throws Exception {
        Path bad = Files.writeString(folder.resolve("bad.json"), "[{\"token\":\"secret\"}]");
        Path none = folder.resolve("none.json");

        assertThatThrownBy(() -> access("tokens.file", bad.toString()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("circuitstream.dashboard.tokens.file: " + bad + ": entry 1: name must be")
                .message()
                .doesNotContain("secret");
        assertThatThrownBy(() -> access("tokens.file", none.toString()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(none + " cannot be read");
        assertThatThrownBy(() -> access("token.file", none.toString()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("circuitstream.dashboard.token.file: " + none + " cannot be read");
    }
}
