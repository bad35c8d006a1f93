package io.circuitstream.dashboard;

import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.ModelSettings;
import io.circuitstream.platform.settings.Setting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The settings of the dashboard beside those that every service has. */
public final class DashboardSettings {
    private static final int MEBIBYTE = 1 << 20;
    private static final int MOST_A_MINUTE = 1_000_000;

    /** Replaces the common one: of this service it is the page's. */
    public static final Setting<String> HTTP_HOST = Setting.text(
                    CommonSettings.HTTP_HOST.key(),
                    "Address of the page, its API, /livez, /readyz and /metrics. Whoever reaches it can read everything"
                            + " unless callers must have a token.")
            .withDefault("127.0.0.1");

    /** Replaces the common one. */
    public static final Setting<Integer> HTTP_PORT = Setting.integer(
                    CommonSettings.HTTP_PORT.key(), 0, 65_535, "Port of the page and all the rest; 0: any free one.")
            .withDefault("8080");

    /** Replaces the one of services that cannot work without. */
    public static final Setting<Path> MODEL = Setting.path(
                    ModelSettings.MODEL.key(),
                    "Hugging Face folder of the model, for its tokenizer: without it prompts are not previewed.")
            .optional();

    public static final Setting<String> TOKEN = Setting.text(
                    "circuitstream.dashboard.token", "Bearer token of an admin who sees all tenants.")
            .optional()
            .secret();

    public static final Setting<Path> TOKEN_FILE = Setting.path(
                    "circuitstream.dashboard.token.file", "File with that token, in the place of the token itself.")
            .optional();

    public static final Setting<Path> EVALUATION = Setting.path(
                    "circuitstream.dashboard.evaluation",
                    "evaluation.json of the transcoders, as `circuitstream evaluate` writes it, for the Pareto chart.")
            .optional();

    public static final Setting<Integer> MAX_TRACES = Setting.integer(
                    "circuitstream.dashboard.max.traces",
                    10,
                    100_000_000,
                    "Prompts that are kept; the oldest are forgotten, the topics keep them.")
            .withDefault("100000");

    public static final Setting<Integer> MAX_FEATURES = Setting.integer(
                    "circuitstream.dashboard.max.features",
                    1_000,
                    100_000_000,
                    "Features that can be searched for, about 250 bytes of memory each.")
            .withDefault("500000");

    public static final Setting<Integer> MAX_FINDINGS = Setting.integer(
                    "circuitstream.dashboard.max.findings",
                    10,
                    100_000_000,
                    "Findings of the audit that are kept; the oldest are forgotten, the topic keeps them.")
            .withDefault("100000");

    public static final Setting<Integer> EVENT_LOG = Setting.integer(
                    "circuitstream.dashboard.event.log",
                    100,
                    10_000_000,
                    "Live events that a page which was away can still catch up with.")
            .withDefault("10000");

    public static final Setting<Integer> CLIENT_QUEUE = Setting.integer(
                    "circuitstream.dashboard.client.queue",
                    16,
                    100_000,
                    "Live events that may wait for one page; beyond, progress is dropped, then the page must come again.")
            .withDefault("512");

    public static final Setting<Integer> MAX_CLIENTS = Setting.integer(
                    "circuitstream.dashboard.max.clients", 1, 100_000, "Pages that may watch at the same time.")
            .withDefault("1000");

    public static final Setting<Integer> MAX_UPLOAD = Setting.integer(
                    "circuitstream.dashboard.max.upload.bytes",
                    1_024,
                    64 * MEBIBYTE,
                    "Largest graph file that may be imported.")
            .withDefault(Integer.toString(64 * MEBIBYTE));

    public static final Setting<Integer> MAX_PROMPT = Setting.integer(
                    "circuitstream.dashboard.max.prompt.characters",
                    1,
                    MEBIBYTE,
                    "Longest prompt in characters; inference has a limit in tokens of its own.")
            .withDefault("20000");

    public static final Setting<Integer> RATE = Setting.integer(
                    "circuitstream.dashboard.rate.per.minute",
                    1,
                    MOST_A_MINUTE,
                    "Prompts, steerings and imports that a tenant may send in a minute.")
            .withDefault("600");

    public static final Setting<Map<String, Integer>> TENANT_RATES = Setting.of(
                    "circuitstream.dashboard.rate.tenants",
                    "pairs TENANT=NUMBER with commas between them, each number from 1 to 1000000",
                    DashboardSettings::rates,
                    "Tenants that have a rate of their own.")
            .optional();

    private static final List<Setting<?>> OWN = List.of(
            HTTP_HOST,
            HTTP_PORT,
            MODEL,
            TOKEN,
            TOKEN_FILE,
            EVALUATION,
            MAX_TRACES,
            MAX_FEATURES,
            MAX_FINDINGS,
            EVENT_LOG,
            CLIENT_QUEUE,
            MAX_CLIENTS,
            MAX_UPLOAD,
            MAX_PROMPT,
            RATE,
            TENANT_RATES);

    private DashboardSettings() {}

    public static List<Setting<?>> all() {
        return Stream.of(OWN, AccessSettings.ALL).flatMap(List::stream).toList();
    }

    private static Map<String, Integer> rates(String text) {
        Map<String, Integer> rates = new LinkedHashMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.lastIndexOf('=');
            String tenant = equals < 1 ? "" : pair.substring(0, equals).strip();
            int rate = Integer.parseInt(pair.substring(equals + 1).strip());
            if (tenant.isEmpty() || rate < 1 || rate > MOST_A_MINUTE || rates.put(tenant, rate) != null) {
                throw new IllegalArgumentException("a rate that is not allowed");
            }
        }
        return rates;
    }
}
