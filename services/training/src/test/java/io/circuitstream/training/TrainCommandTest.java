package io.circuitstream.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainCommandTest {
    @TempDir
    Path folder;

    @Test
    void shouldWriteFoldersTheEngineLoadsWhenTrainingModelAndTranscoder() {
        String model = folder.resolve("small").toString();
        String transcoder = folder.resolve("clt").toString();

        int trained = run("model", "--out", model, "--steps", "2", "--layers", "1", "--seed", "5");
        int decomposed = run(
                "transcoder",
                "--model",
                model,
                "--out",
                transcoder,
                "--steps",
                "2",
                "--features",
                "16",
                "--tokens",
                "2048");

        assertThat(trained).isZero();
        assertThat(decomposed).isZero();
        try (LanguageModel loaded = LanguageModel.load(folder.resolve("small"));
                Transcoder features = TranscoderFiles.load(folder.resolve("clt"))) {
            features.requireFits(loaded.config());
            assertThat(features.features(0)).isEqualTo(16);
        }
    }

    @Test
    void shouldFailWithoutWritingWhenTheModelIsMissing() {
        int code = run(
                "transcoder",
                "--model",
                folder.resolve("none").toString(),
                "--out",
                folder.resolve("clt").toString());

        assertThat(code).isEqualTo(1);
        assertThat(Files.exists(folder.resolve("clt"))).isFalse();
    }

    @Test
    void shouldReportWrongUsageWhenAnOptionIsUnknown() {
        assertThat(run("model", "--out", "x", "--stepz", "3")).isEqualTo(2);
    }

    private static int run(String... arguments) {
        return new CommandLine(new TrainCommand())
                .setErr(new PrintWriter(new StringWriter()))
                .execute(arguments);
    }
}
