package io.circuitstream.training.evaluation;

import io.circuitstream.circuits.TinyModels;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.Transcoder.Kind;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.training.documents.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** One tiny model and cross-layer transcoder for all tests of a class, and documents of random tokens. */
abstract class TinyMeasurement {
    static final int BEGIN = 1;
    static final long PARAMETERS = 4321;

    @TempDir
    static Path folder;

    static LanguageModel model;
    static Transcoder transcoder;

    @BeforeAll
    static void load() throws IOException {
        model = LanguageModel.load(TinyModels.llama(folder.resolve("model"), 11));
        transcoder = TranscoderFiles.load(
                TinyModels.transcoder(folder.resolve("clt"), Kind.CROSS_LAYER, InputSite.RESID_MID, true, 12));
    }

    @AfterAll
    static void close() {
        transcoder.close();
        model.close();
    }

    static EvaluationFigures measure(List<Document> documents, int graphs, int threads) {
        return measurement(graphs, threads).measure(documents, progress -> {});
    }

    static TranscoderMeasurement measurement(int graphs, int threads) {
        return new TranscoderMeasurement(
                model, transcoder, PARAMETERS, new TranscoderMeasurement.Settings(graphs, threads));
    }

    /** Alternating groups, different lengths. */
    static List<Document> documents(int number) {
        Random random = new Random(5);
        return IntStream.range(0, number)
                .mapToObj(i -> {
                    int[] tokens = new int[5 + i % 4];
                    tokens[0] = BEGIN;
                    for (int p = 1; p < tokens.length; p++) {
                        tokens[p] = 2 + random.nextInt(TinyModels.VOCABULARY - 2);
                    }
                    return new Document(i % 2 == 0 ? "even" : "odd", tokens, tokens.length - 2 - i % 2);
                })
                .toList();
    }
}
