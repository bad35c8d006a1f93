package io.circuitstream.audit.behaviour.vector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Values one after the other; what is not finite does not exist. */
final class Values {
    private final List<Float> values = new ArrayList<>(VectorLayout.LENGTH);

    Values add(double value) {
        values.add(Double.isFinite(value) ? (float) value : VectorLayout.NONE);
        return this;
    }

    /** Does not exist when the whole is 0. */
    Values share(double part, double whole) {
        return add(part / whole);
    }

    /** The parts of a whole. */
    Values shares(double[] parts, double whole) {
        for (double part : parts) {
            share(part, whole);
        }
        return this;
    }

    List<Float> list() {
        return Collections.unmodifiableList(values);
    }
}
