package io.circuitstream.circuits.intervention;

/** What recomputes after a change (circuits.md §5). */
public sealed interface Mode {

    /**
     * Nothing but the linear skip: MLP outputs, patterns and norm denominators are the clean ones. Equals the graph by
     * construction.
     */
    Mode DIRECT = new Direct();

    /** Everything: the underlying model with its own MLPs. The only mode that tests a claim about the model. */
    Mode MODEL = new Model(false, false);

    /** {@link #DIRECT}. */
    record Direct() implements Mode {}

    /**
     * {@link #MODEL}, or how far it is from the frozen graph: the model's own MLPs recompute, something else may not.
     *
     * @param frozenAttention patterns are the clean ones
     * @param frozenNorms norm denominators are the clean ones
     */
    record Model(boolean frozenAttention, boolean frozenNorms) implements Mode {}

    /**
     * MLP outputs of a range of layers are the clean ones and the change; the change ends with the range, and what comes after
     * it recomputes. Over all layers norm denominators are the clean ones too: direct effects then, as in circuit-tracer.
     *
     * @param first layer of the range
     * @param last layer of the range
     * @param frozenAttention patterns are the clean ones up to the last layer of the range
     */
    record Constrained(int first, int last, boolean frozenAttention) implements Mode {
        public Constrained {
            if (first < 0 || last < first) {
                throw new InterventionException("layers " + first + " to " + last + " are no range");
            }
        }
    }

    /**
     * Features encode anew layer by layer and write what they then hold; errors stay, norms recompute.
     *
     * @param frozenAttention patterns are the clean ones
     */
    record Iterative(boolean frozenAttention) implements Mode {}
}
