package io.circuitstream.dashboard.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
    @ParameterizedTest
    @CsvSource({
        "https://id.example/realms/a, https://id.example",
        "https://id.example:8443/,    https://id.example:8443",
        "http://localhost:8080/x,     http://localhost:8080",
        "http://127.0.0.1,            http://127.0.0.1",
        "http://[::1]:9/x?y=z,        http://[::1]:9",
    })
    void shouldTrustHttpsAndThisMachineWhenAnAddressIsGiven(String address, String origin) {
        assertThat(Origins.trusted(address)).map(Origins::of).hasValue(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "id.example",
                "http://id.example",
                "ftp://localhost",
                "https://",
                "https:///path",
                "https://user@id.example",
                "https://id.example;script-src *",
                "https://id.example; script-src",
                "https://*.example",
                "https://id.example#x",
                "http://localhost.example",
                "javascript:alert(1)",
            })
    void shouldTrustNothingWhenAnAddressIsAnotherKind(String address) {
        assertThat(Origins.trusted(address)).isEmpty();
    }
}
