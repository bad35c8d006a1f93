package io.circuitstream.training.demo;

import io.circuitstream.training.transcoder.FoldedTranscoder;
import io.circuitstream.training.transcoder.TranscoderFigures;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** The text of {@code models/tiny-ten/clt/README.md}. */
final class TranscoderCard {
    private TranscoderCard() {}

    static String text(FoldedTranscoder transcoder, TranscoderFigures figures, TrainingRecord run) {
        return String.format(
                Locale.ROOT,
                """
            # tiny-ten-clt

            A cross-layer transcoder for tiny-ten in circuit-tracer's layout: %d features a layer, JumpReLU, each writing to its own
            and all later layers; %,d parameters. It reads `mlp.hook_in` and predicts `hook_mlp_out`, raw sites: the
            normalisation it was trained with is folded into the weights.

            ## On held-out prompts

            Test split, at most 200 prompts a task, `<bos>` excluded. NMSE is the fraction of the output's variance left
            unexplained; a feature is dead if it is active on none of these tokens.

            | layer | active features a token | NMSE | dead |
            |---:|---:|---:|---:|
            %s
            | **all** | **%.1f** | **%.4f** (mean) | %s (mean) |

            Full replacement model (all MLPs replaced, no error correction, `<bos>` keeps its MLP) against the model:

            | positions | count | same top token | KL, nats |
            |---|---:|---:|---:|
            | answers | %,d | **%s** | %.4f |
            | all | %,d | %s | %.4f |

            ## Training

            Seed %d, %,d steps of 1,024 tokens out of 200,000 training tokens, %d s on 2 cores shared with other work.
            Loss `Σ_l ‖m̂_l − m_l‖² / d + λ Σ tanh(4 ‖W_dec‖ a)`, a mean over tokens; λ steered so that 56 features are active on training tokens; θ starts
            at 0.1 with a straight-through window of 0.2; Adam, learning rate 2e-3.

            | step | loss |
            |---:|---:|
            %s
            """,
                transcoder.features(),
                transcoder.parameters(),
                layers(figures.layers()),
                figures.totalL0(),
                figures.normalisedMse(),
                ModelCard.percent(figures.deadFraction()),
                figures.answers().positions(),
                ModelCard.percent(figures.answers().top1()),
                figures.answers().klDivergence(),
                figures.all().positions(),
                ModelCard.percent(figures.all().top1()),
                figures.all().klDivergence(),
                run.seed(),
                run.steps(),
                run.seconds(),
                ModelCard.losses(run));
    }

    private static String layers(List<TranscoderFigures.LayerFigures> layers) {
        StringJoiner rows = new StringJoiner("\n");
        for (int layer = 0; layer < layers.size(); layer++) {
            TranscoderFigures.LayerFigures figures = layers.get(layer);
            rows.add(String.format(
                    Locale.ROOT,
                    "| %d | %.1f | %.4f | %s |",
                    layer,
                    figures.l0(),
                    figures.normalisedMse(),
                    ModelCard.percent(figures.deadFraction())));
        }
        return rows.toString();
    }
}
