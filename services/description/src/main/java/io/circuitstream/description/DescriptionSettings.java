package io.circuitstream.description;

import io.circuitstream.description.endpoint.EndpointSettings;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.ModelSettings;
import io.circuitstream.platform.settings.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The settings of the description service beside those that every service has. */
public final class DescriptionSettings {

    /** Replaces the common one: state that changes many times a second is written once for each commit. */
    public static final Setting<Duration> COMMIT_INTERVAL = Setting.duration(
                    CommonSettings.COMMIT_INTERVAL.key(),
                    Duration.ofMillis(1),
                    Duration.ofMinutes(1),
                    "How long counted prompts and finished descriptions may wait to become visible.")
            .withDefault("1s");

    public static final Setting<Integer> SHARES = Setting.integer(
                    "circuitstream.description.shares",
                    1,
                    1_000,
                    "Parts that the features are split into, each for one stream thread of one instance at a time. Fixed by"
                            + " the first start: another number needs another circuitstream.application.id.prefix.")
            .withDefault("4");

    public static final Setting<Duration> INTERVAL = Setting.duration(
                    "circuitstream.description.interval",
                    Duration.ofMillis(10),
                    Duration.ofHours(1),
                    "How often features are looked for whose description is due. At most a quarter of the time is spent on"
                            + " them, less when many prompts pass.")
            .withDefault("1s");

    public static final Setting<Duration> REFRESH = Setting.duration(
                    "circuitstream.description.refresh",
                    Duration.ofMillis(10),
                    Duration.ofDays(7),
                    "How long a description may be older than what is known, unless the feature was active a tenth more"
                            + " often since: then it is due at once.")
            .withDefault("1m");

    private static final List<Setting<?>> OWN = own(List.of(COMMIT_INTERVAL, SHARES, INTERVAL, REFRESH));

    private DescriptionSettings() {}

    private static List<Setting<?>> own(List<Setting<?>> describing) {
        List<Setting<?>> own = new ArrayList<>(describing);
        own.addAll(EndpointSettings.all());
        return List.copyOf(own);
    }

    public static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(ModelSettings.all());
        all.addAll(OWN);
        return List.copyOf(all);
    }

    /** Without those of every service that runs the model. */
    public static List<Setting<?>> own() {
        return OWN;
    }
}
