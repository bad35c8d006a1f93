package io.circuitstream.inference;

import io.circuitstream.platform.settings.ModelSettings;
import io.circuitstream.platform.settings.Setting;
import java.util.ArrayList;
import java.util.List;

/** The settings of the inference service beside those that every service has. */
public final class InferenceSettings {

    public static final Setting<Integer> MAX_TOKENS = Setting.integer(
                    "circuitstream.prompt.max.tokens",
                    2,
                    1_000_000,
                    "Longest prompt in tokens, BOS included; longer ones get a FAILED result. Also bounded by the"
                            + " model.")
            .withDefault("64");

    private InferenceSettings() {}

    public static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(ModelSettings.all());
        all.add(MAX_TOKENS);
        return List.copyOf(all);
    }
}
