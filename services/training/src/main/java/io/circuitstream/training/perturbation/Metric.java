package io.circuitstream.training.perturbation;

/** What is taken of every prompt: rank correlations over its ablated features unless said otherwise. */
public enum Metric {
    FROZEN_ATTENTION_NORMS("frozen graph", "drop of the top logit, attention and norms frozen"),
    FROZEN_NORMS("frozen graph", "the same, norms frozen"),
    FROZEN_ALL("frozen graph", "in the model, every written layer"),
    FROZEN_OWN("frozen graph", "in the model, own layer"),
    ITERATIVE_ALL("replacement model encoding anew", "in the model, every written layer"),
    ITERATIVE_OWN("replacement model encoding anew", "in the model, own layer"),
    GRADIENT_ALL("model's gradient", "in the model, every written layer"),
    GRADIENT_OWN("model's gradient", "in the model, own layer"),
    CONTROL("frozen graph", "control: random directions of the same layers and norms, in the model"),
    CONTROL_GRADIENT("model's gradient", "control: the same"),
    SIGN_FROZEN("frozen graph", "share of equal signs, in the model, own layer"),
    SIGN_GRADIENT("model's gradient", "share of equal signs, in the model, own layer"),
    DIVERGENCE("influence", "KL divergence of the next token, in the model, own layer"),
    FEATURE_INFLUENCE_FROZEN("influence, feature to feature", "relative change downstream, attention and norms frozen"),
    FEATURE_INFLUENCE("influence, feature to feature", "relative change downstream, in the model"),
    FEATURE_FROZEN("frozen graph, feature to feature", "relative change downstream, in the model"),
    FEATURE_ITERATIVE(
            "replacement model encoding anew, feature to feature", "relative change downstream, in the model");

    private final String predictor;
    private final String measured;

    Metric(String predictor, String measured) {
        this.predictor = predictor;
        this.measured = measured;
    }

    public String predictor() {
        return predictor;
    }

    public String measured() {
        return measured;
    }
}
