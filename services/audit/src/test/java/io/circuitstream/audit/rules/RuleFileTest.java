package io.circuitstream.audit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.events.RuleKind;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RuleFileTest {
    private static final String HEAD = "rules:\n  - name: r\n    severity: info\n";
    private static final String SCAN = "5c".repeat(32);

    @Test
    void shouldHaveBuiltInRulesOfEveryKindThatNeedsNoKnowledgeOfFeatures() {
        RuleSet rules = RuleFile.builtIn();

        assertThat(rules.rules())
                .extracting(named -> named.reference().kind())
                .contains(RuleKind.LOW_TRUST, RuleKind.STEERING, RuleKind.MISSING_STAGE, RuleKind.DRIFT);
        assertThat(rules.drift()).hasSize(3);
    }

    @Test
    void shouldReadEveryKeyOfEveryKind() {
        RuleSet rules = RuleFile.parse("f", """
                rules:
                  - {name: a, kind: watched-feature, severity: info, scan: %s, layer: 0, feature: 17, influence: 1}
                  - {name: b, kind: watched-label, severity: info, label: "x|y", influence: 0.1}
                  - {name: c, kind: watched-supernode, severity: info, influence: 0.1, features: [{layer: 0, feature: 1}]}
                  - {name: d, kind: missing-stage, severity: critical, stage: inference, within: 90s}
                  - {name: e, kind: drift, severity: info, measure: edges, divergence: 0, level: 1}
                  - {name: f, kind: steering, severity: info}
                  - {name: g, kind: low-trust, severity: info, confirmedShareBelow: 1}
                """.formatted(SCAN));

        assertThat(rules.of(Rule.Watched.class)).hasSize(3);
        assertThat(rules.of(Rule.WatchedFeature.class).get(0).rule().scan()).contains(SCAN);
        assertThat(rules.of(Rule.MissingStage.class).get(0).rule())
                .isEqualTo(new Rule.MissingStage(Rule.Stage.INFERENCE, Duration.ofSeconds(90)));
        assertThat(rules.of(Rule.Steering.class).get(0).rule().divergenceAbove())
                .isZero();
        assertThat(rules.rules().get(6).reference().name()).isEqualTo("g");
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of("", "f is empty; allowed: the key rules with a list of rules"),
                Arguments.of("rules: [", "f is no YAML document"),
                Arguments.of("- 1", "f is [1]; allowed: keys with values"),
                Arguments.of("rules: []", "f.rules is []; allowed: a list that is not empty"),
                Arguments.of("rules: [1]", "f.rules[0] is 1; allowed: keys with values"),
                Arguments.of("rulez: []", "f.rules is missing"),
                Arguments.of(HEAD + "    kind: steering\nversion: 1\n", "f.version is not a key here; allowed: rules"),
                Arguments.of(
                        HEAD + "    kind: steering\n    divergence: 1\n",
                        "f.rules[0].divergence is not a key here; allowed: divergenceAbove, kind, name, severity"),
                Arguments.of(
                        HEAD + "    kind: steering\n    kind: drift\n",
                        "f is no YAML document: Duplicate field 'kind'"),
                Arguments.of(
                        HEAD + "    kind: watch\n",
                        "f.rules[0].kind is \"watch\"; allowed: one of watched-feature, watched-label,"
                                + " watched-supernode, low-trust, steering, missing-stage, drift"),
                Arguments.of(HEAD + "    kind: unknown\n", "f.rules[0].kind is \"unknown\"; allowed: one of"),
                Arguments.of(
                        "rules: [{name: r, kind: steering, severity: high}]",
                        "f.rules[0].severity is \"high\"; allowed: one of info, warning, critical"),
                Arguments.of("rules: [{name: r, kind: steering}]", "f.rules[0].severity is missing"),
                Arguments.of(
                        "rules: [{name: 7, kind: steering, severity: info}]",
                        "f.rules[0].name is 7; allowed: a text that is not empty"),
                Arguments.of(
                        HEAD + "    kind: watched-feature\n    layer: 1\n    feature: 2\n",
                        "f.rules[0].influence is missing"),
                Arguments.of(
                        HEAD + "    kind: watched-feature\n    layer: 1.5\n    feature: 2\n    influence: 1\n",
                        "f.rules[0].layer is 1.5; allowed: an integer from 0"),
                Arguments.of(
                        HEAD + "    kind: watched-feature\n    layer: -1\n    feature: 2\n    influence: 1\n",
                        "f.rules[0].layer is -1; allowed: an integer from 0"),
                Arguments.of(
                        HEAD + "    kind: watched-feature\n    layer: 1\n    feature: 2\n    influence: 0\n",
                        "f.rules[0].influence is 0; allowed: a number above 0"),
                Arguments.of(
                        HEAD + "    kind: watched-feature\n    layer: 1\n    feature: 2\n    influence: .nan\n",
                        "f is no YAML document: Malformed numeric value '.nan' at line 7"),
                Arguments.of(
                        HEAD + "    kind: watched-feature\n    layer: 1\n    feature: 2\n    influence: \"1\"\n",
                        "f.rules[0].influence is \"1\"; allowed: a number above 0"),
                Arguments.of(
                        HEAD
                                + "    kind: watched-feature\n    scan: abc\n    layer: 1\n    feature: 2\n    influence: 1\n",
                        "f.rules[0].scan is \"abc\"; allowed: 64 hexadecimal digits"),
                Arguments.of(
                        HEAD + "    kind: watched-label\n    label: \"(\"\n    influence: 1\n",
                        "f.rules[0].label is \"(\"; allowed: a regular expression of RE2"),
                Arguments.of(
                        HEAD + "    kind: watched-supernode\n    features: [{layer: 1}]\n    influence: 1\n",
                        "f.rules[0].features[0].feature is missing"),
                Arguments.of(
                        HEAD + "    kind: watched-supernode\n    features: [{layer: 1, feature: 1, at: 2}]\n",
                        "f.rules[0].features[0].at is not a key here; allowed: feature, layer"),
                Arguments.of(
                        HEAD + "    kind: watched-supernode\n    influence: 1\n"
                                + "    features: [{layer: 1, feature: 1}, {layer: 1, feature: 1}]\n",
                        "allowed: each feature once"),
                Arguments.of(HEAD + "    kind: low-trust\n", "f.rules[0]: give at least one of completenessBelow"),
                Arguments.of(
                        HEAD + "    kind: low-trust\n    replacementDisagrees: false\n",
                        "f.rules[0]: give at least one of"),
                Arguments.of(
                        HEAD + "    kind: low-trust\n    completenessBelow: 1.1\n",
                        "f.rules[0].completenessBelow is 1.1; allowed: a number from 0.0 to 1.0"),
                Arguments.of(
                        HEAD + "    kind: low-trust\n    replacementDisagrees: often\n",
                        "f.rules[0].replacementDisagrees is \"often\"; allowed: true or false"),
                Arguments.of(
                        HEAD + "    kind: missing-stage\n    stage: attribution\n    within: 1m\n",
                        "f.rules[0].stage is \"attribution\"; allowed: one of inference, pruning, validation"),
                Arguments.of(
                        HEAD + "    kind: missing-stage\n    stage: pruning\n    within: 25h\n",
                        "f.rules[0].within is \"25h\"; allowed: a duration from 1s to 24h"),
                Arguments.of(
                        HEAD + "    kind: missing-stage\n    stage: pruning\n    within: 0s\n",
                        "f.rules[0].within is \"0s\"; allowed: a duration from 1s to 24h"),
                Arguments.of(
                        HEAD + "    kind: drift\n    measure: features\n    divergence: 2\n    level: 0.01\n",
                        "f.rules[0].divergence is 2; allowed: a number from 0.0 to 1.0"),
                Arguments.of(
                        "rules: [{name: r, kind: steering, severity: info}, {name: r, kind: steering, severity: info}]",
                        "f.rules: two rules are called 'r'"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void shouldNameFilePlaceAndWhatIsAllowedWhenItIsBroken(String text, String message) {
        assertThatThrownBy(() -> RuleFile.parse("f", text))
                .isInstanceOf(RuleFileException.class)
                .hasMessageStartingWith("f")
                .hasMessageContaining(message);
    }

    @Test
    void shouldKeepItsVersionWhenOnlyTheSpellingChanges() {
        String once = version("rules: [{name: r, kind: watched-supernode, severity: info, influence: 0.50,"
                + " features: [{layer: 2, feature: 1}, {layer: 0, feature: 7}]}]");
        String again = version("""
                # Another spelling of the same.
                rules:
                  - kind: watched-supernode
                    features:
                      - {feature: 7, layer: 0}
                      - {feature: 1, layer: 2}
                    influence: 5e-1
                    severity: info
                    name: r
                """);

        assertThat(again).isEqualTo(once).hasSize(64);
    }

    @Test
    void shouldChangeItsVersionWhenAnythingThatDecidesChanges() {
        String rule = "rules: [{name: %s, kind: missing-stage, severity: %s, stage: %s, within: %s}]";

        assertThat(Stream.of(
                                rule.formatted("r", "info", "pruning", "1m"),
                                rule.formatted("s", "info", "pruning", "1m"),
                                rule.formatted("r", "warning", "pruning", "1m"),
                                rule.formatted("r", "info", "inference", "1m"),
                                rule.formatted("r", "info", "pruning", "61s"))
                        .map(RuleFileTest::version))
                .doesNotHaveDuplicates();
        assertThat(version(rule.formatted("r", "info", "pruning", "60s")))
                .isEqualTo(version(rule.formatted("r", "info", "pruning", "1m")));
    }

    /** As a file in the README says it: echo -n '…' | sha256sum. */
    @Test
    void shouldBeTheDigestOfTheDocumentedForm() {
        String form = "{\"divergenceAbove\":0.0,\"kind\":\"steering\",\"name\":\"r\",\"severity\":\"info\"}";

        assertThat(version("rules: [{name: r, kind: steering, severity: info}]"))
                .isEqualTo(CanonicalForm.version(java.util.List.of(form)));
    }

    private static String version(String text) {
        return RuleFile.parse("f", text).rules().get(0).reference().version();
    }
}
