package io.circuitstream.description.endpoint;

import io.circuitstream.platform.settings.Setting;
import java.time.Duration;
import java.util.List;

/** Whether, where and how often a language model is asked for labels. */
public final class EndpointSettings {

    public static final Setting<String> URL = Setting.text(
                    "circuitstream.description.endpoint.url",
                    "OpenAI-compatible endpoint that is asked for labels, up to and with /v1. Texts of prompts go there."
                            + " Without it nobody is asked.")
            .where(value -> value.matches("https?://\\S+"), "an http or https URL")
            .optional();

    public static final Setting<String> MODEL = Setting.text(
                    "circuitstream.description.endpoint.model", "Name of the language model at the endpoint.")
            .withDefault("default");

    public static final Setting<String> TOKEN = Setting.text(
                    "circuitstream.description.endpoint.token", "Bearer token for the endpoint.")
            .optional()
            .secret();

    public static final Setting<Duration> TIMEOUT = Setting.duration(
                    "circuitstream.description.endpoint.timeout",
                    Duration.ofMillis(10),
                    Duration.ofMinutes(10),
                    "How long an answer of the endpoint may take.")
            .withDefault("30s");

    public static final Setting<Integer> PER_MINUTE = Setting.integer(
                    "circuitstream.description.endpoint.requests.per.minute",
                    1,
                    60_000,
                    "Most requests a minute to the endpoint, from one instance.")
            .withDefault("20");

    private static final List<Setting<?>> ALL = List.of(URL, MODEL, TOKEN, TIMEOUT, PER_MINUTE);

    private EndpointSettings() {}

    public static List<Setting<?>> all() {
        return ALL;
    }
}
