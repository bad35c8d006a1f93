package io.circuitstream.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaPropertiesTest {

    @ParameterizedTest
    @CsvSource({
        "KAFKA_SECURITY_PROTOCOL, security.protocol",
        "KAFKA_PRODUCER_LINGER_MS, producer.linger.ms",
        "KAFKA_SOME__UNDERSCORE, some_underscore",
        "KAFKA_SOME___DASH, some-dash",
        "KAFKA_A_B__C___D, a.b_c-d"
    })
    void shouldMapVariablesLikeTheKafkaImage(String variable, String property) {
        assertThat(EnvironmentSource.kafkaProperty(variable)).isEqualTo(property);
    }

    @Test
    void shouldGiveEachClientItsScopeAndWhatIsForAll() {
        KafkaProperties kafka = environment(Map.of(
                "KAFKA_SECURITY_PROTOCOL", "SSL",
                "KAFKA_PRODUCER_LINGER_MS", "7",
                "KAFKA_PRODUCER_SECURITY_PROTOCOL", "SASL_SSL",
                "KAFKA_CONSUMER_SESSION_TIMEOUT_MS", "9000",
                "KAFKA_ADMIN_RETRIES", "3",
                "KAFKA_STREAMS_POLL_MS", "5"));

        assertThat(kafka.producer()).isEqualTo(Map.of("security.protocol", "SASL_SSL", "linger.ms", "7"));
        assertThat(kafka.consumer()).isEqualTo(Map.of("security.protocol", "SSL", "session.timeout.ms", "9000"));
        assertThat(kafka.admin()).isEqualTo(Map.of("security.protocol", "SSL", "retries", "3"));
        assertThat(kafka.streams())
                .isEqualTo(Map.of(
                        "security.protocol", "SSL",
                        "producer.linger.ms", "7",
                        "producer.security.protocol", "SASL_SSL",
                        "consumer.session.timeout.ms", "9000",
                        "admin.retries", "3",
                        "poll.ms", "5"));
    }

    @ParameterizedTest
    @CsvSource({
        "KAFKA_PROCESSING_GUARANTEE, processing.guarantee",
        "KAFKA_STREAMS_PROCESSING_GUARANTEE, processing.guarantee",
        "KAFKA_CONSUMER_ISOLATION_LEVEL, isolation.level",
        "KAFKA_MAIN_CONSUMER_ISOLATION_LEVEL, isolation.level",
        "KAFKA_PRODUCER_TRANSACTIONAL_ID, transactional.id",
        "KAFKA_APPLICATION_ID, application.id",
        "KAFKA_DEFAULT_VALUE_SERDE, default.value.serde",
        "KAFKA_PROCESSING_EXCEPTION_HANDLER, processing.exception.handler",
        "KAFKA_CONSUMER_MAX_POLL_RECORDS, max.poll.records"
    })
    void shouldRefuseWhatTheServiceOwns(String variable, String property) {
        assertThatThrownBy(() -> environment(Map.of(variable, "x")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(
                        variable + " (environment " + variable + ") sets " + property + ", which the service owns");
    }

    @Test
    void shouldNameTheSettingToUseInsteadWhenThereIsOne() {
        assertThatThrownBy(() -> environment(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")))
                .hasMessageContaining("set circuitstream.kafka.bootstrap.servers instead");
    }

    @Test
    void shouldReadPropertiesFromValuesAsWell() {
        Settings settings = Settings.of(List.of(), Map.of("kafka.producer.linger.ms", "7"));

        assertThat(settings.kafka().producer()).containsEntry("linger.ms", "7");
        assertThat(settings.describe()).containsExactly("kafka.producer.linger.ms = 7 (given by the program)");
    }

    private static KafkaProperties environment(Map<String, String> environment) {
        return Settings.resolve(List.of(), List.of(), environment).kafka();
    }
}
