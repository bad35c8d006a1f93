package io.circuitstream.circuits.generation;

import ai.djl.ndarray.NDArray;
import io.circuitstream.circuits.intervention.Change;
import io.circuitstream.circuits.intervention.Intervention;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.transcoder.Transcoder;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Features held at other values while the model runs (mode model of circuits.md §5): (value − a)·W_dec is added where the
 * feature writes, a being its activation in the run itself, because generated positions have no other. Thread-safe.
 */
public final class Steering {
    private final LanguageModel model;
    private final Transcoder transcoder;
    private final List<Intervention> interventions;
    private final Change.Layers layers;

    /**
     * @param interventions at most one for a feature and position; those at masked positions have no effect
     * @throws IllegalArgumentException if the transcoder has no such feature
     */
    public Steering(
            LanguageModel model, Transcoder transcoder, List<Intervention> interventions, Change.Layers layers) {
        for (Intervention i : interventions) {
            if (i.layer() < 0
                    || i.layer() >= transcoder.layers()
                    || i.feature() < 0
                    || i.feature() >= transcoder.features(i.layer())) {
                throw new IllegalArgumentException(
                        "feature " + i.layer() + "/" + i.feature() + " does not exist in the transcoder");
            }
        }
        this.model = model;
        this.transcoder = transcoder;
        this.interventions = List.copyOf(interventions);
        this.layers = layers;
    }

    /** For one pass over tokens of which the first is at this position. */
    Forward.MlpOutput from(int position) {
        return new Pass(position);
    }

    private final class Pass implements Forward.MlpOutput {
        private final int first;
        private final float @Nullable [][] added = new float[model.config().layers()][];

        private Pass(int first) {
            this.first = first;
        }

        @Override
        public NDArray of(int layer, Forward.MlpInput read, Supplier<NDArray> own) {
            int length = (int) read.residMid().getShape().get(0);
            steer(layer, read, length);
            NDArray out = own.get();
            float[] change = added[layer];
            return change == null ? out : out.add(Tensors.of(model.manager(), change, length, transcoder.width()));
        }

        private void steer(int layer, Forward.MlpInput read, int length) {
            List<Intervention> here = interventions.stream()
                    .filter(i -> i.layer() == layer && i.to() > first && i.from() < first + length)
                    .toList();
            if (here.isEmpty()) {
                return;
            }
            float[] a = transcoder.activations(
                    layer,
                    transcoder.preActivations(layer, transcoder.site().of(read)).toFloatArray());
            for (Intervention i : here) {
                float[] rows = transcoder.decoderRows(layer, new int[] {i.feature()});
                for (int p = Math.max(0, i.from() - first); p < Math.min(length, (long) i.to() - first); p++) {
                    float active = a[p * transcoder.features(layer) + i.feature()];
                    add(layer, p, i.value().of(active) - active, rows, length);
                }
            }
        }

        private void add(int layer, int p, float moved, float[] rows, int length) {
            int d = transcoder.width();
            int span = layers == Change.Layers.OWN ? 1 : transcoder.span(layer);
            for (int j = 0; j < span * d; j++) {
                if (added[layer + j / d] == null) {
                    added[layer + j / d] = new float[length * d];
                }
                added[layer + j / d][p * d + j % d] += moved * rows[j];
            }
        }
    }
}
