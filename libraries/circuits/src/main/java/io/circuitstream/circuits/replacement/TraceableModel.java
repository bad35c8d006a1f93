package io.circuitstream.circuits.replacement;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.transcoder.Neurons;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import java.nio.file.Path;

/**
 * A model with a transcoder that belongs to it: what every stage that computes needs. Thread-safe; holds native memory
 * until closed.
 *
 * @param threads of the tensor library
 */
public record TraceableModel(LanguageModel model, Transcoder transcoder, int threads) implements AutoCloseable {

    /** Refuses a transcoder of another model. @throws io.circuitstream.circuits.files.ModelFileException naming both */
    public TraceableModel {
        transcoder.requireFits(model.config());
    }

    /** Loads both. @throws io.circuitstream.circuits.files.ModelFileException naming file and tensor, and what to do */
    public static TraceableModel load(Path modelFolder, Path transcoderFolder, int threads) {
        TensorRuntime.start(threads);
        LanguageModel model = LanguageModel.load(modelFolder);
        try {
            Transcoder transcoder = TranscoderFiles.load(transcoderFolder);
            try {
                return new TraceableModel(model, transcoder, threads);
            } catch (RuntimeException e) {
                transcoder.close();
                throw e;
            }
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /**
     * Loads a model whose own hidden units are the features: no transcoder is needed.
     *
     * @param threshold as in {@link Neurons}
     * @throws io.circuitstream.circuits.files.ModelFileException naming file and tensor, and what to do
     */
    public static TraceableModel ofNeurons(Path modelFolder, float threshold, int threads) {
        TensorRuntime.start(threads);
        LanguageModel model = LanguageModel.load(modelFolder);
        try {
            return new TraceableModel(model, new Neurons(model, threshold), threads);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** The prompt's local replacement model; the caller closes it. */
    public LocalReplacementModel local(int[] tokens) {
        return LocalReplacementModel.build(model, transcoder, tokens);
    }

    @Override
    public void close() {
        transcoder.close();
        model.close();
    }
}
