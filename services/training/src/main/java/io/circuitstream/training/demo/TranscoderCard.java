package io.circuitstream.training.demo;

import io.circuitstream.training.evaluation.EvaluationFigures;
import io.circuitstream.training.transcoder.TranscoderPlan;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** The text of the {@code README.md} in a transcoder's folder. */
final class TranscoderCard {
    private TranscoderCard() {}

    static String text(ShippedTranscoder transcoder, EvaluationFigures figures, TrainingRecord run) {
        TranscoderPlan plan = transcoder.plan(run.seed());
        return String.format(
                Locale.ROOT,
                """
            # %s-%s

            A %s transcoder for tiny-ten in circuit-tracer's layout: %,d features a layer, JumpReLU, %s;
            %,d parameters. It reads `mlp.hook_in` and predicts `hook_mlp_out`, raw sites: the normalisation it was trained with
            is folded into the weights.

            ## On held-out prompts

            Test split, at most %d prompts a task, `<bos>` excluded. NMSE is the fraction of the output's variance left
            unexplained; a feature is dead if it is active on none of these tokens.

            | layer | active features a token | NMSE | dead |
            |---:|---:|---:|---:|
            %s
            | **all** | **%.1f** | **%.4f** (mean) | %s (mean) |

            Full replacement model (all MLPs replaced, no error correction, `<bos>` keeps its MLP) against the model:

            | positions | same top token | KL, nats |
            |---|---:|---:|
            | answers | **%s** | %.4f |
            | all %,d | %s | %.4f |

            Attribution graphs of the first answer token, unpruned, %,d prompts: replacement score **%.3f**, completeness score
            **%.3f**, mean path %.2f edges, %.0f active features, conservation to %.1e.

            | task | prompts | same top token, answers | replacement | completeness | path |
            |---|---:|---:|---:|---:|---:|
            %s

            ## Training

            Seed %d, %,d steps of %,d tokens out of %,d training tokens, %d s on 2 cores shared with other work. Loss
            `Σ_l ‖m̂_l − m_l‖² / d + λ Σ tanh(4 ‖W_dec‖ a)`, a mean over tokens; λ steered so that %.0f features are active on
            training tokens; θ starts at 0.1 with a straight-through window of 0.2, asked of
            one token in four below θ; Adam, learning rate %.0e.

            | step | loss |
            |---:|---:|
            %s
            """,
                DemoFolder.NAME,
                transcoder.id(),
                transcoder.adjective(),
                plan.features(),
                transcoder.writes(),
                figures.parameters(),
                DemoFolder.MEASURED_PROMPTS,
                layers(figures.byLayer()),
                figures.l0(),
                figures.normalisedMse(),
                ModelCard.percent(figures.deadFraction()),
                ModelCard.percent(figures.top1AgreementAnswers()),
                figures.klDivergenceAnswers(),
                figures.tokens(),
                ModelCard.percent(figures.top1Agreement()),
                figures.klDivergence(),
                figures.graphs().prompts(),
                figures.replacementScore(),
                figures.completenessScore(),
                figures.pathLength(),
                figures.graphs().activeFeatures(),
                figures.graphs().conservationError(),
                tasks(figures.byGroup()),
                run.seed(),
                run.steps(),
                plan.batch(),
                plan.tokens(),
                run.seconds(),
                plan.targetL0(),
                plan.learningRate(),
                ModelCard.losses(run));
    }

    private static String layers(List<EvaluationFigures.LayerFigures> layers) {
        StringJoiner rows = new StringJoiner("\n");
        for (EvaluationFigures.LayerFigures layer : layers) {
            rows.add(String.format(
                    Locale.ROOT,
                    "| %d | %.1f | %.4f | %s |",
                    layer.layer(),
                    layer.l0(),
                    layer.normalisedMse(),
                    ModelCard.percent(layer.deadFraction())));
        }
        return rows.toString();
    }

    private static String tasks(List<EvaluationFigures.GroupFigures> groups) {
        StringJoiner rows = new StringJoiner("\n");
        for (EvaluationFigures.GroupFigures group : groups) {
            rows.add(String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %.3f | %.3f | %.2f |",
                    group.group(),
                    group.documents(),
                    ModelCard.percent(group.top1AgreementAnswers()),
                    group.replacementScore(),
                    group.completenessScore(),
                    group.pathLength()));
        }
        return rows.toString();
    }
}
