package io.circuitstream.circuits.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import org.jspecify.annotations.Nullable;

/** Stands for a filter that Jinjava lacks: fails only where the template really uses it. */
record UnknownFilter(String getName) implements Filter {
    static final class Used extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Used(String message) {
            super(message);
        }
    }

    @Override
    public @Nullable Object filter(@Nullable Object value, JinjavaInterpreter interpreter, String... arguments) {
        throw new Used("the filter '" + getName + "' is not supported");
    }
}
