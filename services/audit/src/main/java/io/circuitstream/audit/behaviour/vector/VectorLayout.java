package io.circuitstream.audit.behaviour.vector;

/** Layout 1 of the values of a CircuitVector; what each is stands in the schema. */
final class VectorLayout {
    static final int VERSION = 1;
    static final int DEPTHS = 16;
    static final int LENGTH = 76;
    /** In place of what does not exist. NaN has no place in JSON. */
    static final float NONE = -1;

    private VectorLayout() {}
}
