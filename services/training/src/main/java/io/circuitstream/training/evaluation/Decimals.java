package io.circuitstream.training.evaluation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as text, the same in every locale. */
final class Decimals {
    private static final MathContext SIX = new MathContext(6);

    private Decimals() {}

    /** Six significant digits, no exponent; empty for NaN. */
    static String plain(double value) {
        return Double.isFinite(value) ? rounded(value).toPlainString() : "";
    }

    /** Six significant digits. */
    static BigDecimal rounded(double value) {
        BigDecimal rounded = new BigDecimal(value).round(SIX).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }

    /** For people, with thousands separated; a dash for NaN. */
    static String fixed(double value, int decimals) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%,." + decimals + "f", value) : "–";
    }

    /** With thousands separated. */
    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
