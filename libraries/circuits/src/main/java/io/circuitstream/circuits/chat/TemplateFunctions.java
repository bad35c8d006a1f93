package io.circuitstream.circuits.chat;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What templates may call beside Jinja's own, as transformers offers it. Public because Jinjava calls it by reflection. */
public final class TemplateFunctions {
    /** The day that Llama's templates take where there is no clock. */
    private static final LocalDateTime TODAY = LocalDateTime.of(2024, 7, 26, 0, 0);

    private static final Pattern DIRECTIVE = Pattern.compile("%([a-zA-Z%])");
    private static final Map<String, String> FORMATS = Map.ofEntries(
            Map.entry("a", "EEE"),
            Map.entry("A", "EEEE"),
            Map.entry("b", "MMM"),
            Map.entry("B", "MMMM"),
            Map.entry("d", "dd"),
            Map.entry("H", "HH"),
            Map.entry("j", "DDD"),
            Map.entry("m", "MM"),
            Map.entry("M", "mm"),
            Map.entry("S", "ss"),
            Map.entry("y", "yy"),
            Map.entry("Y", "yyyy"));

    private TemplateFunctions() {}

    /** What a template says of messages that it does not take. */
    static final class Raised extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Raised(String message) {
            super(message);
        }
    }

    /** Ends the rendering. */
    @SuppressWarnings("DoNotCallSuggester")
    public static String raise(String message) {
        throw new Raised(message);
    }

    /**
     * Always 26 July 2024: the same messages must make the same tokens on every day.
     *
     * @param format Python's
     */
    public static String now(String format) {
        return DIRECTIVE.matcher(format).replaceAll(found -> Matcher.quoteReplacement(part(found.group(1))));
    }

    private static String part(String directive) {
        if (directive.equals("%")) {
            return "%";
        }
        String format = FORMATS.get(directive);
        if (format == null) {
            throw new Raised("%" + directive + " of a date is not supported");
        }
        return DateTimeFormatter.ofPattern(format, Locale.ENGLISH).format(TODAY);
    }
}
