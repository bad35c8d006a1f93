package io.circuitstream.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.SettingsException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ServiceMainTest {

    private static final Setting<Integer> ROWS =
            Setting.integer("circuitstream.batch.rows", 1, 64, "Rows.").withDefault("8");

    @Test
    void shouldExitWith64BeforeAnythingIsMadeWhenSettingsAreWrong() {
        AtomicReference<ServiceContext> made = new AtomicReference<>();

        int code = run(List.of("--batch-rows", "65"), context -> {
            made.set(context);
            throw new IllegalStateException("not reached");
        });

        assertThat(code).isEqualTo(64);
        assertThat(made).hasNullValue();
    }

    @Test
    void shouldExitWith64WhenTheServiceItselfFindsItsSettingsWrong() {
        int code = run(List.of(), context -> {
            throw new SettingsException("the transcoder is of another model");
        });

        assertThat(code).isEqualTo(64);
    }

    @Test
    void shouldExitWith1WhenTheServiceCannotBeMade() {
        int code = run(List.of(), context -> {
            throw new IOException("model folder is empty");
        });

        assertThat(code).isEqualTo(1);
    }

    @Test
    void shouldGiveTheServiceItsOwnAndTheCommonSettings() {
        AtomicReference<ServiceContext> made = new AtomicReference<>();

        run(List.of("--batch-rows", "3", "--topic-prefix", "lab"), context -> {
            made.set(context);
            throw new IllegalStateException("enough");
        });

        assertThat(made.get().settings().get(ROWS)).isEqualTo(3);
        assertThat(made.get().settings().get(CommonSettings.TOPIC_PREFIX)).isEqualTo("lab");
        assertThat(made.get().deadLetterTopic()).isEqualTo("lab.inference.dead-letters");
    }

    private static int run(List<String> arguments, ServiceFactory factory) {
        return ServiceMain.run("inference", arguments, Map.of(), List.of(ROWS), factory);
    }
}
