package io.circuitstream.audit;

import io.circuitstream.audit.behaviour.BehaviourSettings;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The settings of the audit service beside those that every service has. */
public final class AuditSettings {

    /** Replaces the common one: a finding may wait, and a commit for each costs what it is for. */
    public static final Setting<Duration> COMMIT_INTERVAL = Setting.duration(
                    CommonSettings.COMMIT_INTERVAL.key(),
                    Duration.ofMillis(1),
                    Duration.ofMinutes(1),
                    "How long findings may wait to become visible.")
            .withDefault("200ms");

    public static final Setting<Path> RULES = Setting.path(
                    "circuitstream.audit.rules",
                    "Rule file (YAML), looked at again at intervals. Without one the built-in rules apply.")
            .optional();

    public static final Setting<Duration> RULES_INTERVAL = Setting.duration(
                    "circuitstream.audit.rules.interval",
                    Duration.ofMillis(100),
                    Duration.ofHours(1),
                    "How often the rule file is looked at for changes.")
            .withDefault("5s");

    public static final Setting<Path> KEY = Setting.path(
            "circuitstream.audit.key",
            "Ed25519 key that signs checkpoints, a PKCS#8 PEM file. Without one the service does not start: an audit trail"
                    + " that nobody signed would only look like one.");

    public static final Setting<Integer> CHECKPOINT_FINDINGS = Setting.integer(
                    "circuitstream.audit.checkpoint.findings",
                    1,
                    1_000_000,
                    "Findings of a chain after which it is signed.")
            .withDefault("100");

    public static final Setting<Duration> CHECKPOINT_DELAY = Setting.duration(
                    "circuitstream.audit.checkpoint.delay",
                    Duration.ofMillis(100),
                    Duration.ofHours(1),
                    "How long a finding is unsigned at most, and so could be changed unnoticed.")
            .withDefault("5s");

    public static final Setting<Duration> CHECKPOINT_HEARTBEAT = Setting.duration(
                    "circuitstream.audit.checkpoint.heartbeat",
                    Duration.ofSeconds(1),
                    Duration.ofDays(1),
                    "How often a chain without new findings is signed again: tells a quiet chain from one that was cut off.")
            .withDefault("1m");

    public static final Setting<Duration> LATE_LIMIT = Setting.duration(
                    "circuitstream.audit.late.limit",
                    Duration.ofSeconds(1),
                    Duration.ofDays(7),
                    "How long a prompt without all of its results is remembered.")
            .withDefault("1d");

    private static final List<Setting<?>> ALL = withWindows(List.of(
            COMMIT_INTERVAL,
            RULES,
            RULES_INTERVAL,
            KEY,
            CHECKPOINT_FINDINGS,
            CHECKPOINT_DELAY,
            CHECKPOINT_HEARTBEAT,
            LATE_LIMIT));

    private AuditSettings() {}

    private static List<Setting<?>> withWindows(List<Setting<?>> own) {
        List<Setting<?>> all = new ArrayList<>(own);
        all.addAll(BehaviourSettings.all());
        return List.copyOf(all);
    }

    /** Without the common ones. */
    public static List<Setting<?>> all() {
        return ALL;
    }
}
