package io.circuitstream.training.transcoder;

import io.circuitstream.training.checkpoint.Content;
import java.util.List;

/** Everything that changes during a run, to be saved and taken up again. Not thread-safe. */
final class TrainingState {
    private final SparseTranscoder transcoder;
    private final WeightGradients gradients;
    private final SparsityController controller;

    TrainingState(SparseTranscoder transcoder, WeightGradients gradients, SparsityController controller) {
        this.transcoder = transcoder;
        this.gradients = gradients;
        this.controller = controller;
    }

    void save(Content content) {
        List<Parameter> parameters = transcoder.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).save(content, "parameter." + i);
        }
        for (int layer = 0; layer < gradients.lastActive.length; layer++) {
            content.putInts("lastActive." + layer, gradients.lastActive[layer]);
        }
        content.putDoubles("lambda", controller.lambda());
        content.putDoubles("batchCut", transcoder.batchCut);
    }

    void restore(Content content) {
        List<Parameter> parameters = transcoder.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).restore(content, "parameter." + i);
        }
        for (int layer = 0; layer < gradients.lastActive.length; layer++) {
            int[] saved = content.ints("lastActive." + layer);
            System.arraycopy(saved, 0, gradients.lastActive[layer], 0, saved.length);
        }
        gradients.resume(content.step());
        controller.resume(content.doubles("lambda")[0]);
        transcoder.batchCut = content.doubles("batchCut")[0];
        transcoder.refresh();
    }
}
