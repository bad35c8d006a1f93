package io.circuitstream.training.evaluation;

/** A figure that is drawn against L0. */
enum Metric {
    NORMALISED_MSE("normalised MSE", "fraction of variance", "l0-normalised-mse", Scale.LOG, Better.LOWER),
    AGREEMENT_ANSWERS(
            "agreement on answers", "fraction of positions", "l0-agreement-answers", Scale.LINEAR, Better.HIGHER),
    KL_DIVERGENCE("KL divergence", "nats", "l0-kl-divergence", Scale.LOG, Better.LOWER),
    REPLACEMENT_SCORE(
            "replacement score", "fraction of influence", "l0-replacement-score", Scale.LINEAR, Better.HIGHER),
    COMPLETENESS_SCORE(
            "completeness score", "fraction of inputs", "l0-completeness-score", Scale.LINEAR, Better.HIGHER),
    PATH_LENGTH("path length", "edges", "l0-path-length", Scale.LINEAR, Better.LOWER);

    private final String label;
    private final String unit;
    private final String fileName;
    private final Scale scale;
    private final Better better;

    enum Scale {
        LINEAR,
        LOG
    }

    enum Better {
        LOWER,
        HIGHER
    }

    Metric(String label, String unit, String fileName, Scale scale, Better better) {
        this.label = label;
        this.unit = unit;
        this.fileName = fileName;
        this.scale = scale;
        this.better = better;
    }

    String label() {
        return label;
    }

    String unit() {
        return unit;
    }

    String fileName() {
        return fileName + ".png";
    }

    Scale scale() {
        return scale;
    }

    double of(EvaluationFigures figures) {
        return switch (this) {
            case NORMALISED_MSE -> figures.normalisedMse();
            case AGREEMENT_ANSWERS -> figures.top1AgreementAnswers();
            case KL_DIVERGENCE -> figures.klDivergence();
            case REPLACEMENT_SCORE -> figures.replacementScore();
            case COMPLETENESS_SCORE -> figures.completenessScore();
            case PATH_LENGTH -> figures.pathLength();
        };
    }

    /** Strictly; false when either is NaN. */
    boolean isBetter(double one, double other) {
        return better == Better.LOWER ? one < other : one > other;
    }
}
