package io.circuitstream.standalone.cli;

import io.circuitstream.events.HeldFeature;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code LAYER/FEATURE[@POSITION[-POSITION]]=NUMBER}. */
abstract class HeldFeatureConverter implements ITypeConverter<HeldFeature> {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,6})/(\\d{1,9})(?:@(\\d{1,9})(?:-(\\d{1,9}))?)?=([-+.eE\\d]+)");

    /** The number is a multiple of the activation. */
    static final class Factor extends HeldFeatureConverter {
        @Override
        void hold(HeldFeature.Builder feature, float number) {
            feature.setFactor(number);
        }
    }

    /** The number is an activation. */
    static final class Activation extends HeldFeatureConverter {
        @Override
        void hold(HeldFeature.Builder feature, float number) {
            feature.setActivation(number);
        }
    }

    abstract void hold(HeldFeature.Builder feature, float number);

    @Override
    public HeldFeature convert(String text) {
        Matcher parts = FORM.matcher(text);
        try {
            if (parts.matches()) {
                HeldFeature.Builder feature = HeldFeature.newBuilder()
                        .setLayer(Integer.parseInt(parts.group(1)))
                        .setFeature(Integer.parseInt(parts.group(2)));
                if (parts.group(3) != null) {
                    int from = Integer.parseInt(parts.group(3));
                    int last = parts.group(4) == null ? from : Integer.parseInt(parts.group(4));
                    feature.setFrom(from).setTo(last + 1);
                }
                hold(feature, Float.parseFloat(parts.group(5)));
                return feature.build();
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new TypeConversionException(
                "'" + text
                        + "' does not hold a feature: give LAYER/FEATURE=NUMBER or LAYER/FEATURE@POSITION=NUMBER, such as 3/121@5=-1");
    }
}
