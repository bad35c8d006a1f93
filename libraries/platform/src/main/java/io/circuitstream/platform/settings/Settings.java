package io.circuitstream.platform.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of all declared settings, each valid, and the Kafka properties. The first source that has a key wins:
 * flag, environment, file, default. Immutable.
 */
public final class Settings {

    private static final String MASK = "********";

    private final Map<String, Value> values;
    private final KafkaProperties kafka;

    private Settings(Map<String, Value> values, KafkaProperties kafka) {
        this.values = values;
        this.kafka = kafka;
    }

    private record Value(@Nullable Object parsed, String shown, Origin origin) {}

    /**
     * From a command line, an environment and the file that {@code --config} or {@code CIRCUITSTREAM_CONFIG} names.
     *
     * @throws SettingsException with every problem found: unknown key, value that is not allowed, missing value,
     *     Kafka property that the service owns
     */
    public static Settings resolve(
            Collection<Setting<?>> declared, List<String> arguments, Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        FlagSource flags = FlagSource.read(arguments, problems);
        String file = flags.config() != null ? flags.config() : environment.get(EnvironmentSource.CONFIG_VARIABLE);
        List<Entry> entries = new ArrayList<>(FileSource.read(file, problems));
        entries.addAll(EnvironmentSource.read(environment));
        entries.addAll(flags.entries());
        return new Resolution(declared, problems).settle(entries);
    }

    /** From values by key, {@code circuitstream.*} and {@code kafka.*}, for programs that embed a service. */
    public static Settings of(Collection<Setting<?>> declared, Map<String, String> values) {
        return new Resolution(declared, new ArrayList<>()).settle(FileSource.entries(values, Origin.GIVEN));
    }

    /** The value of a setting that is required or has a default. */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException(setting.key() + " is optional: use find"));
    }

    /** The value, or empty when the setting is optional and was left out. */
    @SuppressWarnings("unchecked") // the value came from this setting's own parser, or that of one with the same key
    public <T> Optional<T> find(Setting<T> setting) {
        Value value = values.get(setting.key());
        if (value == null) {
            throw new IllegalStateException(setting.key() + " was not declared");
        }
        return Optional.ofNullable((T) value.parsed());
    }

    /** The Kafka properties that were set beside our own settings. */
    public KafkaProperties kafka() {
        return kafka;
    }

    /** One line for each setting and Kafka property with its value and source, secrets masked. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        values.forEach((key, value) ->
                lines.add(key + " = " + value.shown() + " (" + value.origin().description() + ")"));
        lines.addAll(kafka.describe(MASK));
        return lines;
    }

    /** One run over the entries of all sources, lowest precedence first, collecting every problem. */
    private static final class Resolution {

        private final Map<String, Setting<?>> declared = new TreeMap<>();
        private final List<String> problems;

        Resolution(Collection<Setting<?>> declared, List<String> problems) {
            declared.forEach(setting -> this.declared.put(setting.key(), setting));
            this.problems = problems;
        }

        Settings settle(List<Entry> entries) {
            Map<String, Entry> ours = new TreeMap<>();
            Map<String, Entry> kafka = new TreeMap<>();
            for (Entry entry : entries) {
                if (entry.key().startsWith(KafkaProperties.PREFIX)) {
                    kafka.put(entry.key(), entry);
                } else if (declared.containsKey(entry.key())) {
                    ours.put(entry.key(), entry);
                } else {
                    problems.add(unknown(entry));
                }
            }
            Map<String, Value> values = new TreeMap<>();
            declared.values().forEach(setting -> values.put(setting.key(), value(setting, ours.get(setting.key()))));
            KafkaProperties properties = KafkaProperties.of(kafka.values(), problems);
            if (!problems.isEmpty()) {
                throw new SettingsException(problems);
            }
            return new Settings(values, properties);
        }

        private Value value(Setting<?> setting, @Nullable Entry entry) {
            if (entry == null) {
                if (setting.isRequired()) {
                    problems.add(setting.key() + " is missing: set " + setting.commandLineFlag() + ", "
                            + setting.environmentVariable() + " or " + setting.key() + " in the settings file ("
                            + setting.allowed() + ")");
                }
                return setting.defaultText()
                        .map(text -> new Value(setting.parse(text), shown(setting, text), Origin.DEFAULT))
                        .orElseGet(() -> new Value(null, "not set", Origin.DEFAULT));
            }
            String shown = shown(setting, entry.value());
            try {
                return new Value(setting.parse(entry.value()), shown, entry.origin());
            } catch (IllegalArgumentException e) {
                problems.add(setting.key() + " = '" + shown + "' ("
                        + entry.origin().description() + ") is not allowed: must be " + setting.allowed());
                return new Value(null, shown, entry.origin());
            }
        }

        private static String shown(Setting<?> setting, String text) {
            return setting.isSecret() ? MASK : text;
        }

        private String unknown(Entry entry) {
            String suggestion = Suggestion.nearest(entry.key(), declared.keySet())
                    .map(declared::get)
                    .map(setting -> ": did you mean " + spelledLike(entry, setting) + "?")
                    .orElse(": see docs/configuration.md for the keys there are");
            return "unknown setting " + entry.spelling() + " (" + entry.origin().description() + ")" + suggestion;
        }

        private static String spelledLike(Entry entry, Setting<?> setting) {
            if (entry.spelling().startsWith("--")) {
                return setting.commandLineFlag();
            }
            return entry.spelling().startsWith("CIRCUITSTREAM_") ? setting.environmentVariable() : setting.key();
        }
    }
}
