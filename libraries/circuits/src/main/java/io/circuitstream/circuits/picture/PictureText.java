package io.circuitstream.circuits.picture;

import java.util.Locale;

/** Text and numbers as SVG takes them, whatever a vocabulary holds. */
final class PictureText {
    /** Of the font's size: what a character takes on average. */
    private static final double CHARACTER = .55;

    private PictureText() {}

    /** With markup escaped; characters that XML refuses or that change the direction of others are replaced. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\n' -> out.append('⏎');
                case '\t' -> out.append('⇥');
                default -> out.appendCodePoint(isSafe(c) ? c : '\uFFFD');
            }
        });
        return out.toString();
    }

    private static boolean isSafe(int c) {
        int type = Character.getType(c);
        return !Character.isISOControl(c)
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && (c & 0xFFFE) != 0xFFFE;
    }

    /** At most so many characters, the last of them … when there are more. */
    static String shortened(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** A token that is only blanks would not be seen. */
    static String token(String token) {
        return shortened(token.isBlank() ? token.replace(' ', '␣') : token, 18);
    }

    static double width(String text, double size) {
        return CHARACTER * size * text.codePointCount(0, text.length());
    }

    /** One decimal. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
