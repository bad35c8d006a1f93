package io.circuitstream.audit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.circuitstream.audit.rules.RuleSource.Outcome;
import io.circuitstream.platform.stream.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleSourceTest {
    private static final String ONE = "rules: [{name: one, kind: steering, severity: info}]";
    private static final String TWO = "rules: [{name: two, kind: steering, severity: info}]";

    @TempDir
    Path folder;

    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();

    @Test
    void shouldTakeNewRulesWhenTheFileChanges() throws IOException {
        Path file = Files.writeString(folder.resolve("rules.yaml"), ONE);
        try (RuleSource rules = RuleSource.watching(file, Duration.ofMillis(100), outcomes::add)) {
            assertThat(name(rules)).isEqualTo("one");
            Files.writeString(file, TWO);

            await().untilAsserted(() -> assertThat(name(rules)).isEqualTo("two"));
        }
    }

    @Test
    void shouldKeepTheFormerRulesAndReportOnceWhenTheFileIsBrokenOrGone() throws IOException {
        Path file = Files.writeString(folder.resolve("rules.yaml"), ONE);
        try (RuleSource rules = RuleSource.watching(file, Duration.ofDays(1), outcomes::add)) {
            rules.poll();
            assertThat(outcomes).isEmpty();
            Files.writeString(file, "rules: nonsense");
            rules.poll();
            rules.poll();
            assertThat(outcomes).containsExactly(Outcome.REFUSED);
            assertThat(name(rules)).isEqualTo("one");
            Files.delete(file);
            rules.poll();
            rules.poll();
            assertThat(outcomes).containsExactly(Outcome.REFUSED, Outcome.REFUSED);
            assertThat(name(rules)).isEqualTo("one");
            Files.writeString(file, TWO);
            rules.poll();
            rules.poll();

            assertThat(outcomes).containsExactly(Outcome.REFUSED, Outcome.REFUSED, Outcome.LOADED);
            assertThat(name(rules)).isEqualTo("two");
        }
    }

    @Test
    void shouldNotStartWhenTheFileIsBrokenOrMissing() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "rules: 1");

        assertThatThrownBy(() -> RuleSource.watching(broken, Duration.ofDays(1), outcomes::add))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("broken.yaml.rules is 1; allowed: a list that is not empty");
        assertThatThrownBy(() -> RuleSource.watching(folder.resolve("nowhere.yaml"), Duration.ofDays(1), outcomes::add))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("nowhere.yaml");
    }

    private static String name(RuleSource rules) {
        return rules.current().rules().get(0).reference().name();
    }
}
