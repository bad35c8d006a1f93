package io.circuitstream.audit.behaviour;

import io.circuitstream.audit.behaviour.window.WindowLimits;
import io.circuitstream.audit.behaviour.window.WindowTimes;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import java.time.Duration;
import java.util.List;

/** The settings of windows and drift. */
public final class BehaviourSettings {

    public static final Setting<Duration> SIZE = Setting.duration(
                    "circuitstream.audit.window.size",
                    Duration.ofSeconds(1),
                    Duration.ofDays(1),
                    "Event time that one summary of behaviour covers.")
            .withDefault("5m");

    public static final Setting<Duration> GRACE = Setting.duration(
                    "circuitstream.audit.window.grace",
                    Duration.ZERO,
                    Duration.ofDays(1),
                    "Event time that a window waits after its end for what is out of order.")
            .withDefault("1m");

    public static final Setting<Duration> QUIET = Setting.duration(
                    "circuitstream.audit.window.quiet",
                    Duration.ofMillis(100),
                    Duration.ofDays(1),
                    "How long no record of a partition may come before it is no longer waited for. Twice as long after the first start"
                            + " no window closes.")
            .withDefault("1m");

    public static final Setting<Integer> FEATURES = Setting.integer(
                    "circuitstream.audit.window.features",
                    1,
                    10_000_000,
                    "Distinct features of a window that are counted; of more a random half, quarter, … is, and the summary says so.")
            .withDefault("262144");

    public static final Setting<Integer> EDGES = Setting.integer(
                    "circuitstream.audit.window.edges",
                    1,
                    10_000_000,
                    "The same for distinct edges between nodes without positions.")
            .withDefault("262144");

    public static final Setting<Integer> TOP = Setting.integer(
                    "circuitstream.audit.window.top", 1, 10_000, "Features, and edges, that a summary lists.")
            .withDefault("50");

    public static final Setting<Integer> SAMPLE = Setting.integer(
                    "circuitstream.audit.drift.sample",
                    2,
                    10_000,
                    "Circuits of each of two windows that are compared; all when there are no more.")
            .withDefault("512");

    public static final Setting<Integer> PERMUTATIONS = Setting.integer(
                    "circuitstream.audit.drift.permutations",
                    19,
                    100_000,
                    "Random exchanges of circuits between two windows behind each p-value; the least p-value is 1 / (1 + this).")
            .withDefault("199");

    private static final List<Setting<?>> ALL = List.of(SIZE, GRACE, QUIET, FEATURES, EDGES, TOP, SAMPLE, PERMUTATIONS);

    private BehaviourSettings() {}

    public static List<Setting<?>> all() {
        return ALL;
    }

    static WindowTimes times(Settings settings) {
        return new WindowTimes(
                settings.get(SIZE).toMillis(),
                settings.get(GRACE).toMillis(),
                settings.get(QUIET).toMillis());
    }

    static WindowLimits limits(Settings settings) {
        return new WindowLimits(
                settings.get(FEATURES),
                settings.get(EDGES),
                settings.get(TOP),
                settings.get(SAMPLE),
                settings.get(PERMUTATIONS));
    }
}
