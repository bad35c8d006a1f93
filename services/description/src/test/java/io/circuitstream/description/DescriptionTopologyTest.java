package io.circuitstream.description;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.description.topics.FeatureId;
import io.circuitstream.embedded.EmbeddedRegistry;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.FeatureLabel;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.events.LabelSource;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.Status;
import io.circuitstream.events.TokenCount;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.ModelSettings;
import io.circuitstream.platform.settings.Setting;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.ServiceContext;
import io.circuitstream.testkit.GoldenTopology;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptionTopologyTest {
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration OLD = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private EmbeddedRegistry registry;
    private TraceableModel model;
    private String scan;
    private ServiceContext service;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> inferences;
    private TestInputTopic<byte[], byte[]> labels;
    private TestOutputTopic<byte[], byte[]> features;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() throws Exception {
        registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        model = Inferences.model(folder);
        scan = model.transcoder().scan();
        List<Setting<?>> declared = new ArrayList<>(CommonSettings.all());
        declared.addAll(DescriptionSettings.all());
        Settings settings = Settings.of(
                declared,
                Map.of(
                        CommonSettings.REGISTRY_URL.key(), registry.url(),
                        CommonSettings.STATE_DIR.key(), folder.resolve("state").toString(),
                        ModelSettings.MODEL.key(), "not read here",
                        ModelSettings.TRANSCODER.key(), "not read here",
                        DescriptionSettings.SHARES.key(), "1"));
        service = ServiceContext.of("description", settings, event -> {});
        driver = new TopologyTestDriver(
                DescriptionTopology.of(service, new Describer(model), feature -> {}), service.streamProperties());
        inferences = input(Event.INFERENCES);
        labels = input(Event.LABELS);
        features = output(service.topic(Event.FEATURES));
        deadLetters = output(service.deadLetterTopic());
    }

    @AfterEach
    void stop() {
        driver.close();
        service.close();
        model.close();
        registry.close();
    }

    @Test
    void shouldKeepTheReviewedTopology() throws Exception {
        GoldenTopology.check(DescriptionTopology.of(service, new Describer(model), feature -> {}));
    }

    @Test
    void shouldDescribeEveryActiveFeatureWhenAnIntervalIsOver() {
        pipe(Inferences.of(scan, 1, 7, 12, 33));
        assertThat(features.isEmpty()).isTrue();

        Map<String, FeatureDescription> described = after(ROUND);

        // Token 7 and feature 17 have the same last digit.
        FeatureDescription feature = described.get(scan + "/0/17");
        assertThat(feature.getProvenance().getModelHash())
                .isEqualTo(model.model().hash());
        assertThat(feature.getPrompts()).isEqualTo(1);
        assertThat(feature.getTokens()).isEqualTo(3);
        assertThat(feature.getActiveTokens()).isPositive();
        assertThat(feature.getHistogramCount().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(feature.getActiveTokens());
        assertThat(feature.getPeakTokens()).extracting(TokenCount::getToken).contains("w7");
        assertThat(feature.getQuantiles().get(0).getName()).isEqualTo("Top activations");
        assertThat(feature.getQuantiles().get(0).getExamples().get(0).getTokens())
                .containsExactly("<bos>", "w7", "w12", "w33");
        assertThat(feature.getPromoted()).hasSize(10);
        assertThat(feature.getLabelSource()).isEqualTo(LabelSource.NONE);
    }

    @Test
    void shouldDescribeAgainOnlyWhenThereIsNews() {
        pipe(Inferences.of(scan, 1, 7, 12, 33));
        assertThat(after(ROUND)).isNotEmpty();
        assertThat(after(OLD)).as("nothing new, however old").isEmpty();

        pipe(Inferences.of(scan, 1, 7, 12, 33));

        Map<String, FeatureDescription> described = after(ROUND);
        assertThat(described.get(scan + "/0/17").getActivePrompts()).isEqualTo(2);
        assertThat(described.get(scan + "/0/17").getQuantiles().get(0).getExamples())
                .as("the same prompt")
                .hasSize(1);
    }

    @Test
    void shouldWaitUntilADescriptionIsOldWhenTheNewsIsSmall() {
        for (int i = 0; i < 40; i++) {
            pipe(Inferences.of(scan, 1, 7, 12, 33));
        }
        after(ROUND);

        pipe(Inferences.of(scan, 1, 7, 12, 33));

        assertThat(after(ROUND)).isEmpty();
        assertThat(after(OLD).get(scan + "/0/17").getActivePrompts()).isEqualTo(41);
    }

    @Test
    void shouldTakeAPersonsLabelOverAllOthersUntilItIsTakenBack() {
        pipe(Inferences.of(scan, 1, 7, 12, 33));
        after(ROUND);
        FeatureId id = new FeatureId(scan, 0, 17);

        pipe(id, LabelSource.PERSON, "sevens");
        FeatureDescription person = after(ROUND).get(id.key());
        assertThat(person.getLabel()).isEqualTo("sevens");
        assertThat(person.getLabelSource()).isEqualTo(LabelSource.PERSON);
        assertThat(person.getLabelAuthor()).isEqualTo("ada");
        assertThat(person.getLabelTime()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_000L));
        assertThat(person.getAutomatic()).isNotNull();

        pipe(id, LabelSource.LANGUAGE_MODEL, "numbers");
        assertThat(after(ROUND).get(id.key()).getLabel()).isEqualTo("sevens");

        labels.pipeInput(id.labelKey(LabelSource.PERSON).getBytes(UTF_8), (byte[]) null);
        assertThat(after(ROUND).get(id.key()).getLabel()).isEqualTo("numbers");

        labels.pipeInput(id.labelKey(LabelSource.LANGUAGE_MODEL).getBytes(UTF_8), (byte[]) null);
        assertThat(after(ROUND).get(id.key()).getLabelSource()).isEqualTo(LabelSource.NONE);
    }

    @Test
    void shouldLeaveOutWhatFailedAndWhatAnotherTranscoderComputed() {
        InferenceCompleted failed = InferenceCompleted.newBuilder(Inferences.of(scan, 1, 7, 12))
                .setStatus(Status.FAILED)
                .build();
        InferenceCompleted foreign = InferenceCompleted.newBuilder(Inferences.of(scan, 1, 7, 12))
                .setProvenance(Provenance.newBuilder().setScan("another").build())
                .build();

        pipe(failed);
        pipe(foreign);
        pipe(Inferences.of(scan, 1, 7, 12, 33));

        assertThat(after(ROUND).get(scan + "/0/17").getPrompts()).isEqualTo(1);
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldMakeADeadLetterAndGoOnWhenAColumnIsBroken() {
        InferenceCompleted broken = InferenceCompleted.newBuilder(Inferences.of(scan, 1, 7, 12))
                .setFeatureActivation(java.nio.ByteBuffer.wrap(new byte[3]))
                .build();

        pipe(broken);
        pipe(Inferences.of(scan, 1, 7, 12, 33));

        assertThat(deadLetters.readValue()).isEqualTo(bytes(Event.INFERENCES, InferenceCompleted.class, broken));
        assertThat(after(ROUND)).isNotEmpty();
    }

    /** What is described after that time, and in the rounds after it that a slow machine may need. */
    private Map<String, FeatureDescription> after(Duration time) {
        Map<String, FeatureDescription> described = new TreeMap<>();
        driver.advanceWallClockTime(time);
        while (!features.isEmpty()) {
            features.readKeyValuesToList()
                    .forEach(record -> described.put(
                            new String(record.key, UTF_8),
                            service.serde(FeatureDescription.class)
                                    .deserializer()
                                    .deserialize(service.topic(Event.FEATURES), record.value)));
            driver.advanceWallClockTime(ROUND);
        }
        return described;
    }

    private void pipe(InferenceCompleted inference) {
        inferences.pipeInput(
                inference.getPromptId().getBytes(UTF_8), bytes(Event.INFERENCES, InferenceCompleted.class, inference));
    }

    private void pipe(FeatureId id, LabelSource source, String text) {
        FeatureLabel label = FeatureLabel.newBuilder()
                .setScan(id.scan())
                .setLayer(id.layer())
                .setFeature(id.feature())
                .setLabel(text)
                .setSource(source)
                .setAuthor("ada")
                .setTime(Instant.ofEpochMilli(1_700_000_000_000L))
                .build();
        labels.pipeInput(id.labelKey(source).getBytes(UTF_8), bytes(Event.LABELS, FeatureLabel.class, label));
    }

    private <T extends SpecificRecord> byte[] bytes(Event topic, Class<T> type, T event) {
        return service.serde(type).serializer().serialize(service.topic(topic), event);
    }

    private TestInputTopic<byte[], byte[]> input(Event topic) {
        return driver.createInputTopic(service.topic(topic), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
