package io.circuitstream.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TenantsTest {
    @Test
    void shouldIncludeTheNamedOnesOnlyWhenSomeAreNamed() {
        Tenants some = Tenants.of(List.of("lab", "acme"));

        assertThat(some.include("acme")).isTrue();
        assertThat(some.include("acm")).isFalse();
        assertThat(some.include("Acme")).isFalse();
        assertThat(some.include("")).isFalse();
        assertThat(some.include("default")).isFalse();
        assertThat(some.areAll()).isFalse();
        assertThat(some.first()).isEqualTo("lab");
    }

    @Test
    void shouldIncludeEveryOneWhenNoneIsNamed() {
        assertThat(Tenants.ALL.include("acme")).isTrue();
        assertThat(Tenants.ALL.include("")).isTrue();
        assertThat(Tenants.ALL.areAll()).isTrue();
        assertThat(Tenants.ALL.first()).isEqualTo("default");
    }

    @Test
    void shouldRefuseWhenAListIsEmptyAndSoNotAll() {
        assertThatThrownBy(() -> Tenants.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldIncludeLowerRolesWhenARoleIsHigher() {
        assertThat(Role.ADMIN.includes(Role.OPERATOR)).isTrue();
        assertThat(Role.OPERATOR.includes(Role.OPERATOR)).isTrue();
        assertThat(Role.OPERATOR.includes(Role.ADMIN)).isFalse();
        assertThat(Role.VIEWER.includes(Role.OPERATOR)).isFalse();
        assertThat(Role.of("operator")).hasValue(Role.OPERATOR);
        assertThat(Role.of("OPERATOR")).isEmpty();
    }
}
