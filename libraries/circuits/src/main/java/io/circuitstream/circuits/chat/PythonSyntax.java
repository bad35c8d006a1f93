package io.circuitstream.circuits.chat;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes what Jinjava does not know of Python as calls of {@link PythonFunctions}: {@code text.rstrip('x')} becomes
 * {@code py_rstrip(text, 'x')}, {@code list[::-1]} becomes {@code py_reversed(list)}, {@code list|length} becomes
 * {@code py_length(list)}. Only inside of blocks and outside of strings.
 */
final class PythonSyntax {
    static final Pattern BLOCK = Pattern.compile("\\{[{%].*?[%}]}", Pattern.DOTALL);
    static final Pattern STRING = Pattern.compile("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
    private static final Pattern METHOD = Pattern.compile("\\.(strip|lstrip|rstrip|startswith|endswith|split)\\(");
    private static final Pattern REVERSED = Pattern.compile("\\[::-1]");
    private static final Pattern NAMESPACE = Pattern.compile("\\bnamespace\\(");
    private static final Pattern LENGTH = Pattern.compile("\\s*\\|\\s*length\\b");

    private PythonSyntax() {}

    static String rewrite(String template) {
        return BLOCK.matcher(template).replaceAll(block -> Matcher.quoteReplacement(inBlock(block.group())));
    }

    private static String inBlock(String block) {
        String text = block;
        for (Matcher m = METHOD.matcher(masked(text)); m.find(); m = METHOD.matcher(masked(text))) {
            int close = closing(masked(text), m.end() - 1);
            if (close < 0) {
                return block;
            }
            String arguments = text.substring(m.end(), close);
            text = called(text, m, "py_" + m.group(1), arguments.isBlank() ? "" : ", " + arguments, close + 1);
        }
        for (Matcher m = REVERSED.matcher(masked(text)); m.find(); m = REVERSED.matcher(masked(text))) {
            text = called(text, m, "py_reversed", "", m.end());
        }
        for (Matcher m = LENGTH.matcher(masked(text)); m.find(); m = LENGTH.matcher(masked(text))) {
            text = called(text, m, "py_length", "", m.end());
        }
        Matcher namespace = NAMESPACE.matcher(masked(text));
        int close = namespace.find() ? closing(masked(text), namespace.end() - 1) : -1;
        return close < 0
                ? text
                : text.substring(0, namespace.end())
                        + inBrackets(text.substring(namespace.end(), close))
                        + text.substring(close);
    }

    /** Named arguments bind tighter than operators in Jinjava: {@code a=b - 1} becomes {@code a=(b - 1)}. */
    private static String inBrackets(String arguments) {
        String masked = masked(arguments);
        StringBuilder result = new StringBuilder();
        int start = 0;
        int depth = 0;
        for (int i = 0; i <= masked.length(); i++) {
            char c = i == masked.length() ? ',' : masked.charAt(i);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (c == ',' && depth == 0) {
                String argument = arguments.substring(start, i);
                int equals = argument.indexOf('=');
                result.append(start == 0 ? "" : ",")
                        .append(
                                equals < 0
                                        ? argument
                                        : argument.substring(0, equals) + "=(" + argument.substring(equals + 1) + ")");
                start = i + 1;
            }
        }
        return result.toString();
    }

    /** The operand before the match becomes the first argument; what follows goes on at {@code end}. */
    private static String called(String text, MatchResult match, String function, String arguments, int end) {
        int start = operand(masked(text), match.start());
        return text.substring(0, start) + function + "(" + text.substring(start, match.start()) + arguments + ")"
                + text.substring(end);
    }

    /** Strings, without what is in them. */
    private static String masked(String text) {
        return STRING.matcher(text).replaceAll(found -> "s".repeat(found.group().length()));
    }

    /** Where names, calls, indices and dots that end here begin. */
    private static int operand(String text, int end) {
        int at = end;
        while (at > 0) {
            char c = text.charAt(at - 1);
            if (c == ')' || c == ']') {
                at = opening(text, at - 1);
            } else if (Character.isLetterOrDigit(c) || c == '_' || c == '.') {
                at--;
            } else {
                break;
            }
        }
        return at;
    }

    private static int opening(String text, int close) {
        int depth = 0;
        for (int i = close; i >= 0; i--) {
            char c = text.charAt(i);
            depth += c == ')' || c == ']' ? 1 : c == '(' || c == '[' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return 0;
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }
}
