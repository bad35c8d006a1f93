package io.circuitstream.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import io.circuitstream.dashboard.access.RefusedException.Why;
import io.circuitstream.dashboard.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimRulesTest {
    private static final Map<String, Role> ROLES =
            Map.of("readers", Role.VIEWER, "staff", Role.VIEWER, "makers", Role.OPERATOR, "cn=boss", Role.ADMIN);

    private static Map<String, Object> claims(String json) throws Exception {
        return Json.MAPPER.readValue(json.replace('\'', '"'), new TypeReference<>() {});
    }

    private static Principal principal(String rolesClaim, String tenantsClaim, String json) throws Exception {
        return new ClaimRules(rolesClaim, ROLES, tenantsClaim).principal(claims(json), Instant.EPOCH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roles              | {'roles':'readers'}                                   | VIEWER",
                "roles              | {'roles':['staff','other']}                           | VIEWER",
                "roles              | {'roles':['makers','readers']}                        | OPERATOR",
                "roles              | {'roles':['readers','cn=boss','makers']}              | ADMIN",
                "roles              | {'roles':[1,null,'makers']}                           | OPERATOR",
                "realm_access.roles | {'realm_access':{'roles':['makers']}}                 | OPERATOR",
                "https://a.b/roles  | {'https://a.b/roles':['makers']}                      | OPERATOR",
                "a.b                | {'a.b':'readers','a':{'b':'cn=boss'}}                 | VIEWER",
            })
    void shouldHaveTheHighestRoleWhenTheClaimNamesSome(String claim, String json, Role role) throws Exception {
        assertThat(principal(claim, null, json)).isEqualTo(new Principal("", role, Tenants.ALL, Instant.EPOCH));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "roles   | {}",
                "roles   | {'roles':[]}",
                "roles   | {'roles':['secret']}",
                "roles   | {'roles':'READERS'}",
                "roles   | {'roles':'readers staff'}",
                "roles   | {'roles':{'readers':true}}",
                "roles   | {'roles':[['readers']]}",
                "a.roles | {'a':['readers']}",
                "a.roles | {'a':{'b':{'roles':'readers'}}}",
            })
    void shouldRefuseAndSayWhatIsLookedForWhenNoRoleIsKnown(String claim, String json) {
        assertThatThrownBy(() -> principal(claim, null, json))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.why()).isEqualTo(Why.NO_RIGHTS))
                .hasMessageContaining("its claim " + claim + " has none of cn=boss, makers, readers, staff")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void shouldSeeTheTenantsThatTheClaimNamesWhenTenantsCount() throws Exception {
        String roles = "'roles':'readers',";

        assertThat(principal("roles", "org", "{" + roles + "'org':'acme'}").tenants())
                .isEqualTo(Tenants.of(List.of("acme")));
        assertThat(principal("roles", "org", "{" + roles + "'org':['lab','acme']}")
                        .tenants())
                .isEqualTo(Tenants.of(List.of("lab", "acme")));
        assertThat(principal("roles", "org.ids", "{" + roles + "'org':{'ids':['lab','*']}}")
                        .tenants())
                .isEqualTo(Tenants.ALL);
        for (String none : List.of("'org':[]", "'org':''", "'org':7", "'org':null", "'other':'acme'")) {
            assertThatThrownBy(() -> principal("roles", "org", "{" + roles + none + "}"))
                    .as(none)
                    .isInstanceOfSatisfying(
                            RefusedException.class, e -> assertThat(e.why()).isEqualTo(Why.NO_RIGHTS))
                    .hasMessageContaining("no claim org");
        }
    }

    @Test
    void shouldHaveTheNameThatPeopleReadWhenThereIsOne() throws Exception {
        String token = "'roles':'readers','sub':'4f1c'";

        assertThat(principal("roles", null, "{" + token + "}").name()).isEqualTo("4f1c");
        assertThat(principal("roles", null, "{" + token + ",'name':'Ada L.'}").name())
                .isEqualTo("Ada L.");
        assertThat(principal("roles", null, "{" + token + ",'name':'Ada L.','preferred_username':'ada'}")
                        .name())
                .isEqualTo("ada");
    }
}
