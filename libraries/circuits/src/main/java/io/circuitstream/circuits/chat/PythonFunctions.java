package io.circuitstream.circuits.chat;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** Python's methods of strings and lists, as {@link PythonSyntax} calls them. Public because Jinjava calls it by reflection. */
public final class PythonFunctions {
    private PythonFunctions() {}

    static void register(Context context) {
        for (String method : List.of("strip", "lstrip", "rstrip", "startswith", "endswith", "split")) {
            context.registerFunction(new ELFunctionDefinition(
                    "", "py_" + method, PythonFunctions.class, method, Object.class, Object[].class));
        }
        for (String function : List.of("reversed", "length")) {
            context.registerFunction(
                    new ELFunctionDefinition("", "py_" + function, PythonFunctions.class, function, Object.class));
        }
    }

    public static String strip(Object text, Object... characters) {
        return lstrip(rstrip(text, characters), characters);
    }

    public static String lstrip(Object text, Object... characters) {
        String s = text(text);
        IntPredicate goes = goes(characters);
        int start = 0;
        while (start < s.length() && goes.test(s.charAt(start))) {
            start++;
        }
        return s.substring(start);
    }

    public static String rstrip(Object text, Object... characters) {
        String s = text(text);
        IntPredicate goes = goes(characters);
        int end = s.length();
        while (end > 0 && goes.test(s.charAt(end - 1))) {
            end--;
        }
        return s.substring(0, end);
    }

    public static boolean startswith(Object text, Object... prefix) {
        return text(text).startsWith(only("startswith", prefix));
    }

    public static boolean endswith(Object text, Object... suffix) {
        return text(text).endsWith(only("endswith", suffix));
    }

    /** At every occurrence of a text that is not empty. */
    public static List<String> split(Object text, Object... separator) {
        String s = text(text);
        String at = only("split", separator);
        if (at.isEmpty()) {
            throw new TemplateFunctions.Raised("split needs a separator that is not empty");
        }
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int found = s.indexOf(at); found >= 0; found = s.indexOf(at, start)) {
            parts.add(s.substring(start, found));
            start = found + at.length();
        }
        parts.add(s.substring(start));
        return parts;
    }

    public static List<Object> reversed(Object list) {
        if (!(list instanceof Collection<?> items)) {
            throw new TemplateFunctions.Raised("[::-1] is known of lists only");
        }
        List<Object> reversed = new ArrayList<>(items);
        Collections.reverse(reversed);
        return reversed;
    }

    public static long length(Object of) {
        if (of instanceof Collection<?> items) {
            return items.size();
        }
        if (of instanceof Map<?, ?> map) {
            return map.size();
        }
        String s = text(of);
        return s.codePointCount(0, s.length());
    }

    private static IntPredicate goes(Object... characters) {
        if (characters.length == 0) {
            return c -> PythonTrim.isSpace((char) c);
        }
        String set = text(characters[0]);
        return c -> set.indexOf(c) >= 0;
    }

    private static String only(String method, Object... arguments) {
        if (arguments.length != 1) {
            throw new TemplateFunctions.Raised(method + " takes one text, not " + arguments.length);
        }
        return text(arguments[0]);
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }
}
