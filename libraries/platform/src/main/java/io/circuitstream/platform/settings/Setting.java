package io.circuitstream.platform.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A setting that a service understands: its key, the values it allows and what it means. One key has three
 * spellings: {@code circuitstream.http.port} in a file, {@code CIRCUITSTREAM_HTTP_PORT} in the environment and
 * {@code --http-port} as a flag; keys have no dashes or underscores so that each spelling gives back the key.
 *
 * <p>Without a default and unless {@link #optional()}, a setting is required. Immutable.
 */
public final class Setting<T> {

    static final String PREFIX = "circuitstream.";
    private static final Pattern KEY = Pattern.compile("circuitstream(\\.[a-z][a-z0-9]*)+");

    private final String key;
    private final String doc;
    private final String allowed;
    private final Function<String, T> parser;
    private final @Nullable String defaultText;
    private final boolean required;
    private final boolean secret;

    private Setting(
            String key,
            String doc,
            String allowed,
            Function<String, T> parser,
            @Nullable String defaultText,
            boolean required,
            boolean secret) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("not a key of ours: " + key);
        }
        this.key = key;
        this.doc = doc;
        this.allowed = allowed;
        this.parser = parser;
        this.defaultText = defaultText;
        this.required = required;
        this.secret = secret;
    }

    /** A setting of a type of its own; {@code parser} throws IllegalArgumentException for what is not allowed. */
    public static <T> Setting<T> of(String key, String allowed, Function<String, T> parser, String doc) {
        return new Setting<>(key, doc, allowed, parser, null, true, false);
    }

    public static Setting<String> text(String key, String doc) {
        return of(key, "a text that is not empty", Setting::notBlank, doc);
    }

    /** An integer from {@code min} to {@code max}, both included. */
    public static Setting<Integer> integer(String key, int min, int max, String doc) {
        return of(key, "an integer from " + min + " to " + max, Integer::valueOf, doc)
                .where(value -> value >= min && value <= max);
    }

    /** A number from {@code min} to {@code max}, both included. */
    public static Setting<Double> decimal(String key, double min, double max, String doc) {
        return of(key, "a number from " + min + " to " + max, Double::valueOf, doc)
                .where(value -> value >= min && value <= max);
    }

    /** A duration such as {@code 500ms}, {@code 30s}, {@code 10m} or {@code 2h}, both bounds included. */
    public static Setting<Duration> duration(String key, Duration min, Duration max, String doc) {
        String allowed = "a duration from " + Durations.format(min) + " to " + Durations.format(max)
                + ", with unit ms, s, m, h or d";
        return of(key, allowed, Durations::parse, doc)
                .where(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
    }

    public static Setting<Boolean> flag(String key, String doc) {
        return of(key, "true or false", Setting::parseBoolean, doc);
    }

    /** A path; relative ones are meant relative to the working directory. Nothing checks that it exists. */
    public static Setting<Path> path(String key, String doc) {
        return of(key, "a path", text -> Path.of(notBlank(text)), doc);
    }

    /** One of the constants of an enum, in lower case with dashes. */
    public static <E extends Enum<E>> Setting<E> choice(String key, Class<E> type, String doc) {
        String allowed = Arrays.stream(type.getEnumConstants())
                .map(Setting::spelling)
                .collect(Collectors.joining(", ", "one of ", ""));
        return of(key, allowed, text -> constant(type, text), doc);
    }

    /** With a default, given as it would stand in a file; a default that is not allowed is a bug. */
    public Setting<T> withDefault(String text) {
        parse(text);
        return new Setting<>(key, doc, allowed, parser, text, false, secret);
    }

    /** May be left out: {@link Settings#find} is then empty. */
    public Setting<T> optional() {
        return new Setting<>(key, doc, allowed, parser, null, false, secret);
    }

    /** Its value is shown nowhere. */
    public Setting<T> secret() {
        return new Setting<>(key, doc, allowed, parser, defaultText, required, true);
    }

    /** With a further condition; {@code allowed} replaces the description of what is allowed. */
    public Setting<T> where(Predicate<T> condition, String allowed) {
        return new Setting<>(key, doc, allowed, text -> checked(text, condition), defaultText, required, secret);
    }

    private Setting<T> where(Predicate<T> condition) {
        return where(condition, allowed);
    }

    private T checked(String text, Predicate<T> condition) {
        T value = parser.apply(text);
        if (!condition.test(value)) {
            throw new IllegalArgumentException(allowed);
        }
        return value;
    }

    T parse(String text) {
        return parser.apply(text.strip());
    }

    public String key() {
        return key;
    }

    public String environmentVariable() {
        return key.replace('.', '_').toUpperCase(Locale.ROOT);
    }

    public String commandLineFlag() {
        return "--" + key.substring(PREFIX.length()).replace('.', '-');
    }

    public String doc() {
        return doc;
    }

    public String allowed() {
        return allowed;
    }

    public Optional<String> defaultText() {
        return Optional.ofNullable(defaultText);
    }

    public boolean isRequired() {
        return required;
    }

    public boolean isSecret() {
        return secret;
    }

    @Override
    public String toString() {
        return key;
    }

    private static String notBlank(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }

    private static Boolean parseBoolean(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> spelling(value).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static String spelling(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
