package io.circuitstream.platform.settings;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The flags of a command line: {@code --http-port 8080} or {@code --http-port=8080}.
 *
 * @param config the path given with {@code --config}
 */
record FlagSource(List<Entry> entries, @Nullable String config) {

    /** Anything that is not a flag with a value goes to {@code problems}. */
    static FlagSource read(List<String> arguments, List<String> problems) {
        List<Entry> entries = new ArrayList<>();
        String config = null;
        int i = 0;
        while (i < arguments.size()) {
            String argument = arguments.get(i++);
            if (!argument.startsWith("--")) {
                problems.add("unexpected argument '" + argument + "': settings are flags such as --http-port 8080");
                continue;
            }
            int equals = argument.indexOf('=');
            String flag = equals < 0 ? argument : argument.substring(0, equals);
            if (equals < 0 && i == arguments.size()) {
                problems.add("flag " + flag + " has no value");
                continue;
            }
            String value = equals < 0 ? arguments.get(i++) : argument.substring(equals + 1);
            if (flag.equals("--config")) {
                config = value;
            } else {
                entries.add(new Entry(
                        Setting.PREFIX + flag.substring(2).replace('-', '.'), flag, value, Origin.flag(flag)));
            }
        }
        return new FlagSource(entries, config);
    }
}
