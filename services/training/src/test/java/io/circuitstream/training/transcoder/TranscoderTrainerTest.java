package io.circuitstream.training.transcoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.circuitstream.circuits.LiveArrays;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.TensorRuntime;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.circuits.transcoder.Transcoder;
import io.circuitstream.circuits.transcoder.TranscoderFiles;
import io.circuitstream.training.Progress;
import io.circuitstream.training.SmallModel;
import io.circuitstream.training.checkpoint.Checkpoints;
import io.circuitstream.training.corpus.Corpus;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.documents.DemoDocuments;
import io.circuitstream.training.documents.Document;
import io.circuitstream.training.evaluation.EvaluationFigures;
import io.circuitstream.training.evaluation.TranscoderMeasurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscoderTrainerTest {
    private static final TranscoderPlan PLAN = TranscoderPlan.standard(TranscoderKind.CLT, 60, 64, 1)
            .withTargetL0(10)
            .withTokens(4096, 256);

    @TempDir
    static Path folder;

    private static LanguageModel model;
    private static Activations data;

    @BeforeAll
    static void collect() throws IOException {
        TensorRuntime.start(1);
        model = LanguageModel.load(SmallModel.write(folder.resolve("small")));
        data = activations(4096);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static Activations activations(int tokens) {
        return Activations.collect(
                model,
                InputSite.MLP_IN,
                new DemoDocuments(Corpus.load(), model.tokens(), 1, 1).open(Split.TRAIN),
                tokens,
                true,
                progress -> {});
    }

    @ParameterizedTest
    @CsvSource({
        "CLT, JUMP_RELU, false, 0",
        "PLT, JUMP_RELU, true, 0",
        "INCREMENTAL, JUMP_RELU, false, .1",
        "CLT, RELU, false, 0",
        "PLT, TOP_K, false, 0",
        "CLT, BATCH_TOP_K, false, 0"
    })
    void shouldReachTheTargetSparsityWhenTrained(
            TranscoderKind kind, ActivationFunction activation, boolean skip, double jacobianWeight)
            throws IOException {
        List<Progress> reports = new ArrayList<>();
        TranscoderPlan plan =
                plan(kind, 600).withActivation(activation).withSkip(skip).withJacobianWeight(jacobianWeight);

        String name = "reach-" + kind + activation;
        train(plan, name, reports::add);

        EvaluationFigures figures = measure(name);
        Progress last = reports.get(reports.size() - 1);
        assertThat(last.step()).isEqualTo(600);
        assertThat(figure(last, "l0")).isCloseTo(10, within(4.0));
        assertThat(figure(last, "normalisedMse"))
                .isLessThan(.6)
                .isLessThan(figure(reports.get(0), "normalisedMse") + .05);
        // The engine, which knows nothing of normalised sites, finds on other texts what training ended with.
        assertThat(figures.l0()).isCloseTo(10, within(5.0));
        assertThat(figures.normalisedMse()).isCloseTo(figure(last, "normalisedMse"), within(.15));
        assertThat(figures.parameters()).isPositive();
    }

    @Test
    void shouldKeepMemoryFlatWhenRunningForThousandsOfSteps() throws IOException {
        TranscoderPlan plan = TranscoderPlan.standard(TranscoderKind.CLT, 5000, 16, 1)
                .withTargetL0(4)
                .withTokens(4096, 64);
        List<Integer> arrays = new ArrayList<>();
        List<Long> heap = new ArrayList<>();

        train(plan, "long", progress -> {
            if (progress.step() % 1000 == 0) {
                System.gc();
                arrays.add(LiveArrays.count());
                heap.add(Runtime.getRuntime().totalMemory()
                        - Runtime.getRuntime().freeMemory());
            }
        });

        assertThat(arrays).hasSize(5).allMatch(count -> count.equals(arrays.get(0)));
        // A leak of one array of this small shape a step would be 4,000 times 16 kB.
        assertThat(heap.get(4) - heap.get(0)).isLessThan(16L << 20);
    }

    @Test
    void shouldGiveTheSameFilesWhenSeedIsTheSame() throws IOException {
        train(PLAN, "first", progress -> {});
        train(PLAN, "second", progress -> {});
        train(
                new TranscoderPlan(PLAN.kind(), PLAN.activation(), false, 0, 60, 64, 2, 10, 256, 4096, 2e-3),
                "other",
                progress -> {});

        assertThat(bytes("second")).isEqualTo(bytes("first"));
        assertThat(bytes("other")).isNotEqualTo(bytes("first"));
    }

    @Test
    void shouldGiveTheSameFilesWhenGarbageIsCollectedInBetween() throws IOException, InterruptedException {
        train(PLAN, "calm", progress -> {});
        Thread collector = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                System.gc();
            }
        });
        collector.start();

        train(PLAN, "disturbed", progress -> {});

        collector.interrupt();
        collector.join();
        assertThat(bytes("disturbed")).isEqualTo(bytes("calm"));
    }

    @ParameterizedTest
    @CsvSource({"JUMP_RELU, 138, 50", "BATCH_TOP_K, 30, 15", "RELU, 159, 20"})
    void shouldGiveTheSameFilesWhenStoppedAndResumed(ActivationFunction activation, int stop, int every)
            throws IOException {
        // So few active features that some stay silent for more than 100 steps, and that BatchTopK has to choose
        TranscoderPlan plan =
                plan(TranscoderKind.CLT, 160).withActivation(activation).withTargetL0(2);
        String name = "stopped-" + activation;
        train(plan, "through-" + activation, progress -> {});
        Path work = folder.resolve("work-" + activation);

        // When: it stops after a step, like a killed process, with nothing but its checkpoints left
        assertThatThrownBy(() -> new TranscoderTrainer(model, InputSite.MLP_IN, plan)
                        .train(data, Checkpoints.in(work, every, false), progress -> {
                            if (progress.step() == stop) {
                                throw new IllegalStateException("stopped");
                            }
                        }))
                .hasMessage("stopped");
        TranscoderResult resumed = new TranscoderTrainer(model, InputSite.MLP_IN, plan)
                .train(data, Checkpoints.in(work, every, true), progress -> {});
        resumed.write(folder.resolve(name), "small", "same");

        assertThat(bytes(name)).isEqualTo(bytes("through-" + activation));
    }

    @Test
    void shouldRefuseWhenTheCheckpointIsOfAnotherPlan() throws IOException {
        Path work = folder.resolve("work-other");
        new TranscoderTrainer(model, InputSite.MLP_IN, PLAN)
                .train(data, Checkpoints.in(work, 60, false), progress -> {});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TranscoderTrainer(model, InputSite.MLP_IN, PLAN.withTargetL0(20))
                        .train(data, Checkpoints.in(work, 60, true), progress -> {}))
                .withMessageContaining("targetL0 10.0 → 20.0");
    }

    @Test
    void shouldSayWhatToDoWhenThereAreFewerTokensThanAMinibatch() {
        Activations few = activations(100);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TranscoderTrainer(model, InputSite.MLP_IN, PLAN)
                        .train(few, Checkpoints.in(folder.resolve("few"), 60, false), progress -> {}))
                .withMessageContaining("100 tokens")
                .withMessageContaining("256")
                .withMessageContaining("--batch");
    }

    @Test
    void shouldLowerTheWantedSparsityAndHoldLambdaWhenTheRunGoesOn() {
        SparsityController controller = new SparsityController(60, 1000);

        assertThat(controller.wanted(0)).isCloseTo(240, within(1e-9));
        assertThat(controller.wanted(200)).isCloseTo(150, within(1e-9));
        assertThat(controller.wanted(400)).isCloseTo(60, within(1e-9));
        double before = controller.lambda();
        controller.observe(500, 80);
        assertThat(controller.lambda()).as("too dense").isGreaterThan(before);
        double dense = controller.lambda();
        controller.observe(501, 40);
        assertThat(controller.lambda()).as("too sparse").isLessThan(dense);
        double last = controller.lambda();
        controller.observe(950, 500);
        assertThat(controller.lambda()).as("frozen").isEqualTo(last);
    }

    /** Trains on the shared activations and writes to a folder of this name. */
    private static void train(TranscoderPlan plan, String name, Consumer<Progress> progress) throws IOException {
        new TranscoderTrainer(model, InputSite.MLP_IN, plan)
                .train(data, Checkpoints.in(folder.resolve("work-of-" + name), 1000, false), progress)
                .write(folder.resolve(name), "small", "same");
    }

    private static EvaluationFigures measure(String name) {
        List<Document> documents = new ArrayList<>();
        new DemoDocuments(Corpus.load(), model.tokens(), 1, 5)
                .open(Split.DEVELOPMENT)
                .forEachRemaining(documents::add);
        try (Transcoder loaded = TranscoderFiles.load(folder.resolve(name))) {
            return new TranscoderMeasurement(model, loaded, loaded.parameters(), TranscoderMeasurement.Settings.of(0))
                    .measure(documents, progress -> {});
        }
    }

    /** Every byte of every file, by name. */
    private static Map<String, String> bytes(String name) throws IOException {
        Map<String, String> bytes = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            for (Path file : files.toList()) {
                bytes.put(file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return bytes;
    }

    private static double figure(Progress progress, String name) {
        return Stream.of(progress.detail().split(" "))
                .filter(part -> part.startsWith(name + "="))
                .mapToDouble(part -> Double.parseDouble(part.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static TranscoderPlan plan(TranscoderKind kind, int steps) {
        return TranscoderPlan.standard(kind, steps, 64, 1).withTargetL0(10).withTokens(4096, 256);
    }
}
