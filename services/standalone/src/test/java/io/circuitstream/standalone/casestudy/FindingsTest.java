package io.circuitstream.standalone.casestudy;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.events.Provenance;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final Findings FINDINGS = new Findings("m", "s", Map.of("two-hop", " It does. \n"));

    private static Provenance of(String model, String scan) {
        return Provenance.newBuilder()
                .setModelName("")
                .setModelHash(model)
                .setScan(scan)
                .setThreads(1)
                .build();
    }

    @Test
    void shouldKeepItsWordsToItselfWhenTheWeightsAreOthers() {
        assertThat(FINDINGS.of("two-hop", of("m", "s"))).contains("It does.");
        assertThat(FINDINGS.of("two-hop", of("other", "s"))).isEmpty();
        assertThat(FINDINGS.of("two-hop", of("m", "other"))).isEmpty();
        assertThat(FINDINGS.of("planning", of("m", "s"))).isEmpty();
    }

    @Test
    void shouldEscapeWhatMarkdownWouldReadWhenTextIsAModels() {
        assertThat(MarkdownText.of("a|b *c* [d](e) `f` <g> black_eyed\u001b"))
                .isEqualTo("a\\|b \\*c\\* \\[d\\](e) \\`f\\` \\<g\\> black\\_eyed\uFFFD");
    }
}
