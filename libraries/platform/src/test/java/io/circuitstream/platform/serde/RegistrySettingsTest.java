package io.circuitstream.platform.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegistrySettingsTest {
    @Test
    void shouldKeepTheOrderOfAddressesWhenSeveralAreGiven() {
        List<URI> expected = List.of(URI.create("http://a:1"), URI.create("https://b:2/apis/ccompat/v7"));

        assertThat(with("schema.registry.url", "http://a:1/, https://b:2/apis/ccompat/v7/")
                        .urls())
                .isEqualTo(expected);
        assertThat(RegistrySettings.of(
                                Map.of("schema.registry.url", List.of("http://a:1", "https://b:2/apis/ccompat/v7")))
                        .urls())
                .isEqualTo(expected);
    }

    @Test
    void shouldSendCredentialsAndNeverPrintThemWhenTheyAreGiven() {
        String basic = "Basic " + Base64.getEncoder().encodeToString("u:s3cret".getBytes(StandardCharsets.UTF_8));

        RegistrySettings inUrl = with("schema.registry.url", "http://u:s3cret@a:1");
        assertThat(inUrl.authorization()).isEqualTo(basic);
        assertThat(inUrl.urls()).containsExactly(URI.create("http://a:1"));
        assertThat(inUrl.toString()).doesNotContain("s3cret");
        assertThat(with("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "u:s3cret")
                        .authorization())
                .isEqualTo(basic);
        assertThat(with(
                                "schema.registry.basic.auth.credentials.source",
                                "USER_INFO",
                                "schema.registry.basic.auth.user.info",
                                "u:s3cret")
                        .authorization())
                .isEqualTo(basic);
        assertThat(with("bearer.auth.token", "abc").authorization()).isEqualTo("Bearer abc");
        assertThat(with().authorization()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "schema.registry.url, ''",
        "schema.registry.url, localhost:8081",
        "schema.registry.url, ftp://a:1",
        "schema.registry.url, 'http://a:1,http://b:2 c'",
        "specific.avro.reader, false",
        "auto.register.schemas, yes",
        "max.retries, -1",
        "retries.wait.ms, soon",
        "basic.auth.credentials.source, SASL_INHERIT",
        "value.subject.name.strategy, io.confluent.kafka.serializers.subject.TopicRecordNameStrategy"
    })
    void shouldRefuseNamingTheKeyWhenAValueCannotBeHonoured(String key, String value) {
        assertThatThrownBy(() -> with(key, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }

    @Test
    void shouldRefuseWhenUserInfoIsAnnouncedButMissing() {
        assertThatThrownBy(() -> with("basic.auth.credentials.source", "USER_INFO"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("basic.auth.user.info");
    }

    @Test
    void shouldRefuseWithoutRepeatingThePasswordWhenAnAddressIsBad() {
        assertThatThrownBy(() -> with("schema.registry.url", "http://u:s3cret@a b"))
                .isInstanceOf(ConfigException.class)
                .message()
                .doesNotContain("s3cret");
    }

    private static RegistrySettings with(String... keysAndValues) {
        Map<String, Object> configs = new HashMap<>(Map.of("schema.registry.url", "http://a:1"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            configs.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return RegistrySettings.of(configs);
    }
}
