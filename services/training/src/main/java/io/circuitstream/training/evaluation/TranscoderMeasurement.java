package io.circuitstream.training.evaluation;

import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.training.documents.Document;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Compares a model with its replacement models, document by document. Documents are measured on several threads and added
 * in their order, so the figures are the same to the bit whatever the number of threads.
 */
public final class TranscoderMeasurement {
    private final LanguageModel model;
    private final Transcoder transcoder;
    private final long parameters;
    private final Settings settings;

    /**
     * How much is measured.
     *
     * @param graphsPerGroup most documents of a group whose first answer token is attributed: the first ones
     * @param threads documents measured at the same time
     */
    public record Settings(int graphsPerGroup, int threads) {

        public Settings {
            if (graphsPerGroup < 0 || threads < 1) {
                throw new IllegalArgumentException(
                        "graphs per group " + graphsPerGroup + " and threads " + threads + " must be at least 0 and 1");
            }
        }

        public static Settings of(int graphsPerGroup) {
            return new Settings(graphsPerGroup, 2);
        }
    }

    /**
     * The model and the transcoder stay open.
     *
     * @param parameters that the transcoder was trained with; 0 for neurons
     * @throws io.circuitstream.circuits.files.ModelFileException when they do not fit
     */
    public TranscoderMeasurement(LanguageModel model, Transcoder transcoder, long parameters, Settings settings) {
        transcoder.requireFits(model.config());
        this.model = model;
        this.transcoder = transcoder;
        this.parameters = parameters;
        this.settings = settings;
    }

    /**
     * Yields the figures over all documents. Sets the process to one tensor thread; no work is left running when it returns
     * or throws.
     *
     * @param progress told after every document, on this thread
     * @throws IllegalArgumentException when there is no document, or one with a token that the model does not have
     */
    public EvaluationFigures measure(List<Document> documents, Consumer<MeasurementProgress> progress) {
        BitSet graphs = graphs(documents);
        TensorRuntime.start(1);
        FigureSums sums = new FigureSums(transcoder);
        TimeLeft left = new TimeLeft(graphs, documents.size(), settings.threads());
        ExecutorService pool = Executors.newFixedThreadPool(settings.threads());
        Deque<Future<DocumentSums>> results = new ArrayDeque<>();
        try {
            for (int i = 0; i < documents.size(); i++) {
                Document document = documents.get(i);
                boolean graph = graphs.get(i);
                results.add(pool.submit(() -> DocumentSums.measure(model, transcoder, document, graph)));
            }
            for (int i = 0; i < documents.size(); i++) {
                DocumentSums document = await(results.removeFirst());
                sums.add(documents.get(i).group(), document);
                left.measured(graphs.get(i), document.nanos());
                progress.accept(new MeasurementProgress(i + 1, documents.size(), left.seconds()));
            }
        } finally {
            stop(pool, results);
        }
        return sums.figures(parameters);
    }

    /** Which documents' answers are attributed. */
    private BitSet graphs(List<Document> documents) {
        if (documents.isEmpty()) {
            throw new IllegalArgumentException("there is no document to measure on");
        }
        Map<String, Integer> taken = new HashMap<>();
        BitSet graphs = new BitSet();
        for (int i = 0; i < documents.size(); i++) {
            int number = taken.merge(documents.get(i).group(), 1, Integer::sum);
            graphs.set(i, number <= settings.graphsPerGroup());
        }
        return graphs;
    }

    private static DocumentSums await(Future<DocumentSums> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the measurement was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException("a document could not be measured", e.getCause());
        }
    }

    /** Waits for what is running: the caller may close the model next. No thread is interrupted, files are being read. */
    private static void stop(ExecutorService pool, Collection<Future<DocumentSums>> results) {
        results.forEach(result -> result.cancel(false));
        pool.shutdown();
        boolean interrupted = false;
        boolean stopped = false;
        while (!stopped) {
            try {
                stopped = pool.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
