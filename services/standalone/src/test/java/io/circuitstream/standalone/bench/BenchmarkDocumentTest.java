package io.circuitstream.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchmarkDocumentTest {
    private static final Computer COMPUTER =
            new Computer("Some CPU", 2, 8L << 30, "Linux amd64", "OpenJDK 17", "abc", LocalDate.of(2026, 1, 2));
    private static final Report REPORT = new Report(
            new Machine(9.3e10, 4e10, 4.5e9, 1),
            List.of(new Measured("rows", "ms", 12.345, 11, 1234.5, 8, 1.543, Map.of("edges", 5_000_000))));

    @Test
    void shouldBeginWithTheCommandThatMakesItAndSayWhereItWasMeasured() {
        String text = BenchmarkDocument.markdown("./circuitstream bench all", COMPUTER, List.of());

        assertThat(text.lines().findFirst()).hasValue("*Made by `./circuitstream bench all`; edits are lost.*");
        assertThat(text).contains("| processor | Some CPU |", "| memory | 8 GiB |", "| commit | abc |", "2026-01-02");
    }

    @Test
    void shouldHaveARowForEachResultAndTheRatesOfTheSameRun() {
        String text = BenchmarkDocument.markdown(
                "x", COMPUTER, List.of(BenchmarkDocument.attribution("Attribution", REPORT)));

        assertThat(text)
                .contains("## Attribution")
                .contains(
                        "large products 93 GFLOP/s, products of its own shapes 40 GFLOP/s, copy 4.5 GB/s, 1 tensor thread.")
                .contains("| rows | ms | 12.3 | 11.0 – 1,235 | 8.00 | 1.54 | edges: 5000000 |");
    }

    @Test
    void shouldKeepTheTableWholeWhenACellHasABar() {
        Section section = new Section("T", "", List.of("a", "b"), List.of(List.of("x|y", "z")));

        assertThat(section.markdown()).contains("| a | b |\n|---|---|\n| x\\|y | z |\n");
        assertThatThrownBy(() -> new Section("T", "", List.of("a"), List.of(List.of("x", "y"))))
                .hasMessageContaining("2 cells for 1 columns");
    }

    @Test
    void shouldReadWhatItPrintedWhenAReportGoesThroughJson() {
        Report bare = new Report(new Machine(1e9, null, 2e9, 2), REPORT.results());

        assertThat(ReportJson.read(ReportJson.of(REPORT).toString())).isEqualTo(REPORT);
        assertThat(ReportJson.read(ReportJson.of(bare).toString())).isEqualTo(bare);
        assertThat(ReportJson.of(bare).at("/machine/gemmGflopsOwnShapes").isNull())
                .isTrue();
    }
}
