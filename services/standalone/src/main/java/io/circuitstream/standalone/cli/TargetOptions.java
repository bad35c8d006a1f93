package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.circuits.files.Safetensors;
import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.FeatureTarget;
import io.circuitstream.events.TokenDifference;
import io.circuitstream.events.VectorTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What to attribute from instead of the most probable tokens; all of these can be repeated and combined. */
final class TargetOptions {
    @Option(
            names = "--target",
            paramLabel = "TOKEN",
            description = "attribute from this token instead of the most probable ones (repeatable)")
    List<String> tokens = new ArrayList<>();

    @Option(
            names = "--target-diff",
            arity = "2",
            paramLabel = "TOKEN",
            description = "attribute from the first token's logit minus the second one's (repeatable)")
    List<String> differences = new ArrayList<>();

    @Option(
            names = "--target-feature",
            paramLabel = "L/F@POS",
            converter = FeatureConverter.class,
            description = "attribute from a feature at a position, BOS being 0, for example 3/121@5 (repeatable)")
    List<FeatureTarget> features = new ArrayList<>();

    @Option(
            names = "--target-vector",
            paramLabel = "FILE",
            converter = VectorConverter.class,
            description =
                    "attribute from a direction in what the unembedding reads: a .json array of as many numbers as"
                            + " the model is wide, or the one tensor of a .safetensors file (repeatable)")
    List<VectorTarget> vectors = new ArrayList<>();

    AttributionSettings.Builder addTo(AttributionSettings.Builder settings) {
        List<TokenDifference> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < differences.size(); i += 2) {
            pairs.add(new TokenDifference(differences.get(i), differences.get(i + 1)));
        }
        return settings.setTargetTokens(List.copyOf(tokens))
                .setTargetDifferences(pairs)
                .setTargetFeatures(List.copyOf(features))
                .setTargetVectors(List.copyOf(vectors));
    }

    private static final class FeatureConverter implements ITypeConverter<FeatureTarget> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,6})/(\\d{1,9})@(\\d{1,9})");

        @Override
        public FeatureTarget convert(String text) {
            Matcher parts = FORM.matcher(text);
            if (!parts.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no feature at a position: give LAYER/FEATURE@POSITION, such as 3/121@5");
            }
            return new FeatureTarget(
                    Integer.valueOf(parts.group(1)), Integer.valueOf(parts.group(2)), Integer.valueOf(parts.group(3)));
        }
    }

    private static final class VectorConverter implements ITypeConverter<VectorTarget> {
        @Override
        public VectorTarget convert(String text) {
            Path file = Path.of(text);
            try {
                List<Float> values = new ArrayList<>();
                for (float value : text.endsWith(".safetensors") ? onlyTensor(file) : numbers(file)) {
                    values.add(value);
                }
                return new VectorTarget(file.getFileName().toString(), values);
            } catch (IOException | IllegalArgumentException e) {
                throw new TypeConversionException(file + ": " + e.getMessage()
                        + ": give a .json array of numbers, or a .safetensors file with one tensor");
            }
        }

        private static float[] numbers(Path file) throws IOException {
            return new ObjectMapper().readValue(file.toFile(), float[].class);
        }

        private static float[] onlyTensor(Path file) {
            Safetensors tensors = Safetensors.open(file);
            if (tensors.entries().size() != 1) {
                throw new IllegalArgumentException("has " + tensors.entries().size() + " tensors");
            }
            return tensors.readFloats(tensors.entries().keySet().iterator().next());
        }
    }
}
