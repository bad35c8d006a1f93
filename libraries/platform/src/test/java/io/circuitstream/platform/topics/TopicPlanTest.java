package io.circuitstream.platform.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicPlanTest {

    private static final Map<String, String> LARGE = Map.of("max.message.bytes", "17825792");
    private static final TopicSpec PROMPTS = new TopicSpec("prompts", 4, 3, LARGE);

    @Test
    void shouldCreateWhenTopicIsAbsent() {
        assertThat(TopicPlan.between(Map.of(), List.of(PROMPTS))).containsExactly(new TopicChange.Create(PROMPTS));
    }

    @Test
    void shouldDoNothingWhenTopicIsAsWanted() {
        TopicState state = new TopicState(4, 3, Map.of("max.message.bytes", "17825792", "retention.ms", "1"));

        assertThat(TopicPlan.between(Map.of("prompts", state), List.of(PROMPTS)))
                .isEmpty();
    }

    @Test
    void shouldGrowAndConfigureWhenTopicIsSmaller() {
        TopicState state = new TopicState(2, 3, Map.of("max.message.bytes", "1048588"));

        assertThat(TopicPlan.between(Map.of("prompts", state), List.of(PROMPTS)))
                .containsExactly(
                        new TopicChange.Grow("prompts", 2, 4),
                        new TopicChange.Configure("prompts", "max.message.bytes", "1048588", "17825792"));
    }

    @Test
    void shouldOnlyReportWhatCannotBeChanged() {
        TopicState state = new TopicState(8, 1, LARGE);

        assertThat(TopicPlan.between(Map.of("prompts", state), List.of(PROMPTS)))
                .extracting(TopicChange::describe)
                .containsExactly(
                        "! prompts has 8 partitions, wanted 4: partitions cannot be taken away",
                        "! prompts has 1 replicas, wanted 3: use kafka-reassign-partitions");
    }

    @Test
    void shouldLeaveReplicasAloneWhenTheBrokerDecides() {
        TopicSpec spec = new TopicSpec("prompts", 4, -1, LARGE);

        assertThat(TopicPlan.between(Map.of("prompts", new TopicState(4, 2, LARGE)), List.of(spec)))
                .isEmpty();
    }

    @Test
    void shouldWantLargeEventsShortProgressAndADeadLetterTopicPerStage() {
        Settings settings = Settings.of(
                CommonSettings.all(),
                Map.of("circuitstream.topic.prefix", "lab", "circuitstream.topic.partitions", "6"));

        List<TopicSpec> specs = TopicSpec.all(settings);

        assertThat(specs)
                .contains(
                        new TopicSpec("lab.graphs.v1", 6, -1, LARGE),
                        new TopicSpec("lab.attribution.dead-letters", 6, -1, LARGE),
                        new TopicSpec("lab.progress.v1", 6, -1, Map.of("retention.ms", "3600000")),
                        new TopicSpec("lab.training.v1", 6, -1, Map.of()),
                        new TopicSpec("lab.audit.dead-letters", 6, -1, LARGE));
        assertThat(specs)
                .filteredOn(spec -> "compact".equals(spec.configs().get("cleanup.policy")))
                .extracting(TopicSpec::name)
                .containsExactly("lab.features.v1", "lab.labels.v1", "lab.annotations.v1");
        assertThat(specs)
                .filteredOn(spec -> "-1".equals(spec.configs().get("retention.ms")))
                .extracting(TopicSpec::name)
                .containsExactly("lab.findings.v1", "lab.checkpoints.v1");
        assertThat(specs).hasSize(23);
    }

    @Test
    void shouldNameAllMissingTopicsAndTheCommand() {
        List<String> problems = TopicCheck.problems(
                Map.of("a", new TopicState(4, 1, LARGE)), Set.of("a"), Set.of("c", "b"), Set.of("d"));

        assertThat(problems).containsExactly("topics b, c, d are missing: run `circuitstream topics --apply`");
    }

    @Test
    void shouldNameBothCountsWhenPartitionsDiffer() {
        Map<String, TopicState> existing = Map.of(
                "in", new TopicState(4, 1, LARGE),
                "out", new TopicState(2, 1, LARGE),
                "dead", new TopicState(1, 1, LARGE));

        assertThat(TopicCheck.problems(existing, Set.of("in"), Set.of("out"), Set.of("dead")))
                .singleElement()
                .asString()
                .contains("in has 4, out has 2");
    }

    @Test
    void shouldNameBothSizesWhenTopicTakesLessThanAServiceWrites() {
        Map<String, TopicState> existing = Map.of(
                "in", new TopicState(4, 1, Map.of("max.message.bytes", "1000")),
                "out", new TopicState(4, 1, Map.of("max.message.bytes", "1048588")));

        assertThat(TopicCheck.problems(existing, Set.of("in"), Set.of("out"), Set.of()))
                .singleElement()
                .asString()
                .contains("topic out takes records of up to 1048588 bytes, results may have 17825792");
    }

    @Test
    void shouldRefuseAGroupThatReadsSomethingElse() {
        assertThat(TopicCheck.strangers("lab-pruning", Set.of("graphs"), Set.of("graphs")))
                .isEmpty();
        assertThat(TopicCheck.strangers("lab-pruning", Set.of("graphs", "prompts"), Set.of("graphs")))
                .hasValueSatisfying(problem -> assertThat(problem)
                        .contains("consumer group lab-pruning reads prompts, this service would read graphs"));
    }
}
