package io.circuitstream.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

    private enum Mode {
        EXACT,
        BEST_EFFORT
    }

    @Test
    void shouldSpellOneKeyInThreeWays() {
        Setting<Integer> port = Setting.integer("circuitstream.http.port", 0, 65_535, "Port.");

        assertThat(port.environmentVariable()).isEqualTo("CIRCUITSTREAM_HTTP_PORT");
        assertThat(port.commandLineFlag()).isEqualTo("--http-port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.port",
                "circuitstream",
                "circuitstream.http-port",
                "circuitstream.Http",
                "circuitstream.a..b"
            })
    void shouldRefuseKeysThatDoNotSurviveTheSpellings(String key) {
        assertThatThrownBy(() -> Setting.text(key, "Doc.")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseADefaultThatIsNotAllowed() {
        Setting<Integer> rows = Setting.integer("circuitstream.rows", 1, 2, "Rows.");

        assertThatThrownBy(() -> rows.withDefault("3")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldParseTheConstantsOfAnEnum() {
        Setting<Mode> mode = Setting.choice("circuitstream.mode", Mode.class, "Mode.");

        assertThat(mode.parse("best-effort")).isEqualTo(Mode.BEST_EFFORT);
        assertThat(mode.allowed()).isEqualTo("one of exact, best-effort");
        assertThatThrownBy(() -> mode.parse("fast")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseAnythingButTrueAndFalseForAFlag() {
        Setting<Boolean> flag = Setting.flag("circuitstream.flag", "Flag.");

        assertThat(flag.parse("TRUE")).isTrue();
        assertThatThrownBy(() -> flag.parse("yes")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldRefuseNumbersOutsideOfTheBounds() {
        Setting<Double> share = Setting.decimal("circuitstream.share", 0, 1, "Share.");

        assertThat(share.parse(" 0.5 ")).isEqualTo(0.5);
        assertThatThrownBy(() -> share.parse("1.01")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> share.parse("NaN")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250", "30s, 30000", "90s, 90000", "10m, 600000", "2h, 7200000", "3d, 259200000"})
    void shouldReadAndWriteDurations(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(Durations.format(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "ms", "-1s", "1.5s", "1 year", "99999999999d"})
    void shouldRefuseWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"kitten, sitting, 3", "abc, abc, 0", "'', abc, 3", "flaw, lawn, 2"})
    void shouldCountEdits(String a, String b, int distance) {
        assertThat(Suggestion.distance(a, b)).isEqualTo(distance);
    }

    @Test
    void shouldRenderTheTableWithDefaultsRequiredAndSecrets() {
        List<Setting<?>> settings = List.of(
                Setting.integer("circuitstream.rows", 1, 64, "Rows of <one> batch.")
                        .withDefault("8"),
                Setting.path("circuitstream.model.dir", "Model | folder."),
                Setting.text("circuitstream.token", "Token.").optional().secret());

        assertThat(ConfigurationTable.markdown(settings)).isEqualTo("""
                        | setting | environment | allowed | default | meaning |
                        |---|---|---|---|---|
                        | `circuitstream.rows` | `CIRCUITSTREAM_ROWS` | an integer from 1 to 64 | `8` | Rows of &lt;one> batch. |
                        | `circuitstream.model.dir` | `CIRCUITSTREAM_MODEL_DIR` | a path | **required** | Model \\| folder. |
                        | `circuitstream.token` | `CIRCUITSTREAM_TOKEN` | a text that is not empty | none | Token. Secret: shown nowhere. |
                        """);
    }
}
