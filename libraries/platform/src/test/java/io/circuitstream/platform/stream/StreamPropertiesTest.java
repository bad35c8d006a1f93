package io.circuitstream.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamPropertiesTest {

    @Test
    void shouldBeExactlyOnceWithTimeoutsThatASlowRecordFitsInto() {
        Properties properties = properties(Map.of());

        assertThat(properties)
                .containsEntry("application.id", "circuitstream-echo")
                .containsEntry("processing.guarantee", "exactly_once_v2")
                .containsEntry("commit.interval.ms", 10L)
                .containsEntry("producer.transaction.timeout.ms", 600_000)
                .containsEntry("consumer.max.poll.interval.ms", 1_200_000)
                .containsEntry("consumer.max.poll.records", 1)
                .containsEntry("producer.max.request.size", 17_825_792)
                .containsEntry("errors.dead.letter.queue.topic.name", "circuitstream.echo.dead-letters")
                .doesNotContainKey("consumer.group.instance.id");
    }

    @Test
    void shouldBeAcceptedByKafkaStreamsAsTheyAre() {
        StreamsConfig config = new StreamsConfig(properties(Map.of()));

        assertThat(config.getProducerConfigs("client").get("linger.ms")).isEqualTo(0);
        assertThat(config.getMainConsumerConfigs("group", "client", 0).get("isolation.level"))
                .isEqualTo("read_committed");
    }

    @Test
    void shouldLetOperatorsTuneWhatIsNotOwned() {
        Properties properties = properties(Map.of(
                "kafka.streams.poll.ms", "5",
                "kafka.producer.linger.ms", "3",
                "kafka.consumer.session.timeout.ms", "6000"));

        assertThat(properties)
                .containsEntry("poll.ms", "5")
                .containsEntry("producer.linger.ms", "3")
                .containsEntry("consumer.session.timeout.ms", "6000");
    }

    @Test
    void shouldBeAStaticMemberWhenTheInstanceHasAName() {
        assertThat(properties(Map.of(CommonSettings.INSTANCE_ID.key(), "0")))
                .containsEntry("consumer.group.instance.id", "echo-0");
    }

    private static Properties properties(Map<String, String> values) {
        Settings settings = Settings.of(CommonSettings.all(), values);
        return ServiceContext.of("echo", settings, ProgressSink.NONE).streamProperties();
    }
}
