package io.circuitstream.training.evaluation;

/**
 * One transcoder's figures, as a point of a curve.
 *
 * @param name unique among the points, such as {@code clt-60}
 * @param targetL0 the L0 that it was made for; NaN when it was made for none
 */
public record EvaluationPoint(Kind kind, String name, double targetL0, EvaluationFigures figures) {

    /** What replaces the MLPs. */
    public enum Kind {
        CLT("clt", "CLT", "cross-layer transcoder: a feature writes at its own and all later layers"),
        PLT("plt", "PLT", "per-layer transcoder: a feature writes at its own layer"),
        INCREMENTAL("incremental", "incremental CLT", "one decoder for each output layer, shared by all layers below"),
        NEURONS("neurons", "neurons", "the MLP's own hidden units, the weak ones left out; nothing is trained");

        private final String id;
        private final String label;
        private final String description;

        Kind(String id, String label, String description) {
            this.id = id;
            this.label = label;
            this.description = description;
        }

        /** As JSON and CSV have it. */
        public String id() {
            return id;
        }

        /** As people read it. */
        String label() {
            return label;
        }

        String description() {
            return description;
        }
    }
}
