package io.circuitstream.training;

import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.training.transcoder.ActivationFunction;
import io.circuitstream.training.transcoder.TranscoderKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Options whose values are the field's names, not Java's. */
abstract class Names<T> extends ArrayList<String> implements ITypeConverter<T> {
    private static final long serialVersionUID = 1;

    private final transient List<T> values;
    private final transient Function<T, String> name;

    private Names(T[] values, Function<T, String> name) {
        super(Arrays.stream(values).map(name).toList());
        this.values = List.of(values);
        this.name = name;
    }

    @Override
    public T convert(String text) {
        return values.stream()
                .filter(value -> name.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of " + String.join(", ", this)));
    }

    static final class Kind extends Names<TranscoderKind> {
        private static final long serialVersionUID = 1;

        Kind() {
            super(TranscoderKind.values(), TranscoderKind::id);
        }
    }

    static final class Activation extends Names<ActivationFunction> {
        private static final long serialVersionUID = 1;

        Activation() {
            super(ActivationFunction.values(), ActivationFunction::id);
        }
    }

    static final class Site extends Names<InputSite> {
        private static final long serialVersionUID = 1;

        Site() {
            super(InputSite.values(), InputSite::hook);
        }
    }
}
