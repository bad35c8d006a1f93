package io.circuitstream.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    private static final Setting<Integer> ROWS =
            Setting.integer("circuitstream.batch.rows", 1, 64, "Rows.").withDefault("8");
    private static final Setting<String> TOKEN =
            Setting.text("circuitstream.api.token", "Token.").optional().secret();
    private static final Setting<Path> MODEL = Setting.path("circuitstream.model.dir", "Model.");
    private static final List<Setting<?>> DECLARED = List.of(ROWS, TOKEN);

    @TempDir
    Path folder;

    @Test
    void shouldPreferFlagOverEnvironmentOverFileOverDefault() throws IOException {
        Path file = folder.resolve("service.properties");
        Files.writeString(file, "circuitstream.batch.rows=2\n");
        Map<String, String> withFile = Map.of("CIRCUITSTREAM_CONFIG", file.toString());
        Map<String, String> withBoth = Map.of("CIRCUITSTREAM_CONFIG", file.toString(), "CIRCUITSTREAM_BATCH_ROWS", "3");

        assertThat(resolve(List.of(), Map.of()).get(ROWS)).isEqualTo(8);
        assertThat(resolve(List.of(), withFile).get(ROWS)).isEqualTo(2);
        assertThat(resolve(List.of(), withBoth).get(ROWS)).isEqualTo(3);
        assertThat(resolve(List.of("--batch-rows", "4"), withBoth).get(ROWS)).isEqualTo(4);
    }

    @Test
    void shouldReadTheFileOfTheFlagWhenBothNameOne() throws IOException {
        Path one = Files.writeString(folder.resolve("one"), "circuitstream.batch.rows=1\n");
        Path two = Files.writeString(folder.resolve("two"), "circuitstream.batch.rows=2\n");

        Settings settings = resolve(List.of("--config=" + two), Map.of("CIRCUITSTREAM_CONFIG", one.toString()));

        assertThat(settings.get(ROWS)).isEqualTo(2);
    }

    @Test
    void shouldTellValueSourceAndMaskSecretsWhenDescribed() {
        Settings settings = resolve(
                List.of("--batch-rows=4"),
                Map.of("CIRCUITSTREAM_API_TOKEN", "hunter2", "KAFKA_SASL_JAAS_CONFIG", "password=hunter2"));

        assertThat(settings.describe())
                .containsExactly(
                        "circuitstream.api.token = ******** (environment CIRCUITSTREAM_API_TOKEN)",
                        "circuitstream.batch.rows = 4 (flag --batch-rows)",
                        "kafka.sasl.jaas.config = ******** (environment KAFKA_SASL_JAAS_CONFIG)");
        assertThat(settings.find(TOKEN)).contains("hunter2");
    }

    @Test
    void shouldSuggestInTheSpellingOfTheSourceWhenKeyIsUnknown() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "circuitstream.batch.row=1\n");

        assertThatThrownBy(() -> resolve(List.of("--batch-rws", "1"), Map.of("CIRCUITSTREAM_BATCH_ROW", "1")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("unknown setting --batch-rws (flag --batch-rws): did you mean --batch-rows?")
                .hasMessageContaining("unknown setting CIRCUITSTREAM_BATCH_ROW (environment CIRCUITSTREAM_BATCH_ROW):"
                        + " did you mean CIRCUITSTREAM_BATCH_ROWS?");
        assertThatThrownBy(() -> resolve(List.of("--config", file.toString()), Map.of()))
                .hasMessage("unknown setting circuitstream.batch.row (file " + file
                        + "): did you mean circuitstream.batch.rows?");
    }

    @Test
    void shouldSuggestNothingWhenNoKeyIsNear() {
        assertThatThrownBy(() -> resolve(List.of("--zzz", "1"), Map.of()))
                .hasMessage("unknown setting --zzz (flag --zzz): see docs/configuration.md for the keys there are");
    }

    @Test
    void shouldNameKeyValueSourceAndAllowedWhenValueIsInvalid() {
        assertThatThrownBy(() -> resolve(List.of(), Map.of("CIRCUITSTREAM_BATCH_ROWS", "65")))
                .hasMessage("circuitstream.batch.rows = '65' (environment CIRCUITSTREAM_BATCH_ROWS) is not allowed:"
                        + " must be an integer from 1 to 64");
        assertThatThrownBy(() -> resolve(List.of("--batch-rows", "many"), Map.of()))
                .hasMessageContaining("'many'");
    }

    @Test
    void shouldNotShowTheValueWhenAnInvalidOneIsSecret() {
        Setting<Integer> pin =
                Setting.integer("circuitstream.pin", 0, 9, "Pin.").secret();

        assertThatThrownBy(() -> Settings.of(List.of(pin), Map.of("circuitstream.pin", "4711")))
                .hasMessageContaining("circuitstream.pin")
                .hasMessageNotContaining("4711");
    }

    @Test
    void shouldReportEveryProblemAtOnce() {
        assertThatThrownBy(() ->
                        Settings.resolve(List.of(ROWS, MODEL), List.of("extra", "--batch-rows=0", "--nope"), Map.of()))
                .hasMessageContaining("unexpected argument 'extra'")
                .hasMessageContaining("circuitstream.batch.rows = '0'")
                .hasMessageContaining("flag --nope has no value")
                .hasMessageContaining("circuitstream.model.dir is missing: set --model-dir, CIRCUITSTREAM_MODEL_DIR");
    }

    @Test
    void shouldNameTheFileWhenItCannotBeRead() {
        assertThatThrownBy(() ->
                        resolve(List.of("--config", folder.resolve("absent").toString()), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(folder.resolve("absent").toString());
    }

    @Test
    void shouldIgnoreWhatKubernetesAddsForServices() {
        Settings settings = resolve(
                List.of(),
                Map.of(
                        "CIRCUITSTREAM_DASHBOARD_SERVICE_HOST", "10.0.0.1",
                        "CIRCUITSTREAM_DASHBOARD_SERVICE_PORT_HTTP", "80",
                        "CIRCUITSTREAM_DASHBOARD_PORT", "tcp://10.0.0.1:80",
                        "CIRCUITSTREAM_DASHBOARD_PORT_80_TCP_ADDR", "10.0.0.1",
                        "KAFKA_PORT", "tcp://10.0.0.1:9092",
                        "KAFKA_HEAP_OPTS", "-Xmx1g"));

        assertThat(settings.describe()).noneMatch(line -> line.contains("dashboard") || line.contains("kafka"));
    }

    @Test
    void shouldBeEmptyWhenOptionalIsLeftOut() {
        Settings settings = resolve(List.of(), Map.of());

        assertThat(settings.find(TOKEN)).isEmpty();
        assertThatThrownBy(() -> settings.get(TOKEN)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> settings.find(MODEL))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("circuitstream.model.dir was not declared");
    }

    @Test
    void shouldHaveValidDefaultsInTheCommonSettings() {
        Settings settings = Settings.of(CommonSettings.all(), Map.of());

        assertThat(settings.get(CommonSettings.TRANSACTION_TIMEOUT)).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.get(CommonSettings.HTTP_HOST)).isEqualTo("127.0.0.1");
        assertThat(settings.find(CommonSettings.INSTANCE_ID)).isEmpty();
    }

    private static Settings resolve(List<String> arguments, Map<String, String> environment) {
        return Settings.resolve(DECLARED, arguments, environment);
    }
}
