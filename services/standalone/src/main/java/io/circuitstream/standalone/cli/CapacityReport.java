package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.standalone.bench.Section;
import io.circuitstream.standalone.capacity.CapacityPlan;
import io.circuitstream.standalone.capacity.CapacityPlan.StagePlan;
import io.circuitstream.standalone.capacity.CapacityPlan.TopicPlan;
import io.circuitstream.standalone.capacity.Latency;
import io.circuitstream.standalone.capacity.PromptCost;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;

/**
 * A plan as people and programs read it.
 *
 * @param latency of the plan, simulated
 * @param tensorThreads that the costs were measured with
 */
record CapacityReport(CapacityPlan plan, List<PromptCost> costs, Latency latency, int tensorThreads) {
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;

    /** Tables with units, for a terminal. */
    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "measured     %s", measured());
        line(
                text,
                "%n%-14s%10s%12s%8s%12s%10s%24s",
                "stage",
                "mean ms",
                "longest ms",
                "busy",
                "threads",
                "busy then",
                "a thread does at most");
        for (StagePlan stage : plan.stages()) {
            line(
                    text,
                    "%-14s%10.0f%12.0f%8.2f%12d%9.0f%%%20.1f / s",
                    stage.stage(),
                    1e3 * stage.meanSeconds(),
                    1e3 * stage.longestSeconds(),
                    stage.busyThreads(),
                    stage.threads(),
                    1e2 * stage.utilisation(),
                    stage.promptsPerSecondOfOneThread());
        }
        line(text, "%n%-14s%18s%12s%18s", "topic", "bytes a prompt", "MB / s", "GB kept");
        for (TopicPlan topic : plan.topics()) {
            line(
                    text,
                    "%-14s%18s%12s%18s",
                    topic.topic().shortName(),
                    String.format(Locale.ROOT, "%,.0f", topic.bytesPerPrompt()),
                    Section.number(topic.bytesPerSecond() / MEGA),
                    Section.number(topic.bytesKept() / GIGA));
        }
        line(
                text,
                "%-14s%18s%12s%18s",
                "together",
                "",
                Section.number(plan.bytesPerSecond() / MEGA),
                Section.number(plan.bytesKept() / GIGA));
        line(
                text,
                "%npartitions   %d of every topic (`topics --apply --partitions %d`)",
                plan.partitions(),
                plan.partitions());
        line(
                text,
                "latency      half of the prompts within %.2f s, 99 %% within %.2f s, when they come at random (simulated)",
                latency.median(),
                latency.percentile99());
        return text.toString();
    }

    private String measured() {
        IntSummaryStatistics tokens =
                costs.stream().mapToInt(PromptCost::tokens).summaryStatistics();
        return String.format(
                Locale.ROOT,
                "%d prompts of %d to %d tokens, %.0f active features on average, %d tensor %s",
                costs.size(),
                tokens.getMin(),
                tokens.getMax(),
                PromptCost.mean(costs, PromptCost::activeFeatures),
                tensorThreads,
                tensorThreads == 1 ? "thread" : "threads");
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }

    /** The same; seconds and bytes. */
    ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        CapacityPlan.Load load = plan.load();
        json.putObject("load")
                .put("promptsPerSecond", load.promptsPerSecond())
                .put("utilisation", load.utilisation())
                .put("retentionSeconds", load.retention().toSeconds())
                .put("replication", load.replication());
        json.putObject("measured")
                .put("prompts", costs.size())
                .put("meanTokens", PromptCost.mean(costs, PromptCost::tokens))
                .put("meanActiveFeatures", PromptCost.mean(costs, PromptCost::activeFeatures))
                .put("tensorThreads", tensorThreads);
        ArrayNode stages = json.putArray("stages");
        plan.stages().forEach(stage -> stages.addObject()
                .put("stage", stage.stage())
                .put("meanSeconds", stage.meanSeconds())
                .put("longestSeconds", stage.longestSeconds())
                .put("busyThreads", stage.busyThreads())
                .put("threads", stage.threads())
                .put("utilisation", stage.utilisation())
                .put("promptsPerSecondOfOneThread", stage.promptsPerSecondOfOneThread()));
        json.put("partitions", plan.partitions());
        ArrayNode topics = json.putArray("topics");
        plan.topics().forEach(topic -> topics.addObject()
                .put("topic", topic.topic().shortName())
                .put("bytesPerPrompt", topic.bytesPerPrompt())
                .put("bytesPerSecond", topic.bytesPerSecond())
                .put("bytesPerDay", topic.bytesPerDay())
                .put("bytesKept", topic.bytesKept()));
        json.put("bytesPerSecond", plan.bytesPerSecond()).put("bytesKept", plan.bytesKept());
        json.putObject("latency")
                .put("medianSeconds", latency.median())
                .put("percentile99Seconds", latency.percentile99());
        return json;
    }
}
