package io.circuitstream.description.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitstream.events.AutomaticLabel;
import io.circuitstream.events.Columns;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.FeatureExample;
import io.circuitstream.events.FeatureQuantile;
import io.circuitstream.events.LabelEvidence;
import io.circuitstream.events.LabelSource;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.TokenEffect;
import io.circuitstream.platform.serde.EventClasses;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static {
        EventClasses.trust();
    }

    @TempDir
    Path folder;

    private static FeatureDescription feature(int layer, int index, String label) {
        return FeatureDescription.newBuilder()
                .setScan("abc")
                .setLayer(layer)
                .setFeature(index)
                .setProvenance(Provenance.newBuilder().build())
                .setTokens(200)
                .setActiveTokens(10)
                .setActMin(1)
                .setActMax(2)
                // Two bins of the octave from 1 to 2: [1, 1.125) and [1.875, 2).
                .setHistogramBin(List.of(Float.floatToRawIntBits(1) >> 20, Float.floatToRawIntBits(1.875f) >> 20))
                .setHistogramCount(List.of(8L, 2L))
                .setQuantiles(List.of(new FeatureQuantile(
                        "Top activations",
                        List.of(new FeatureExample(
                                List.of("the", "capital"), List.of(4, 5), Columns.of(new float[] {0, 2}), 1, 3)))))
                .setPromoted(List.of(new TokenEffect(7, "austin", 1.5f)))
                .setSuppressed(List.of(new TokenEffect(8, "sacramento", -1.5f)))
                .setLabel(label)
                .setLabelSource(LabelSource.AUTOMATIC)
                .setAutomatic(new AutomaticLabel(label, LabelEvidence.TOKEN, .9, .85, .05, 20, 300))
                .build();
    }

    /** As a front end would: the index, then a range of a layer's file. */
    private JsonNode read(int layer, int index) throws IOException {
        JsonNode entry = index().get(layer);
        byte[] file = Files.readAllBytes(folder.resolve(entry.get("filename").asText()));
        int from = entry.get("offsets").get(index).asInt();
        int to = entry.get("offsets").get(index + 1).asInt();
        ByteBuffer record = ByteBuffer.wrap(file, from, to - from).order(ByteOrder.LITTLE_ENDIAN);
        int length = record.getInt();
        assertThat(length).isEqualTo(record.remaining());
        byte[] body = Arrays.copyOfRange(file, from + 4, to);
        return JSON.readTree(new InflaterInputStream(new java.io.ByteArrayInputStream(body)));
    }

    private JsonNode index() throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve("index.json.gz")))) {
            return JSON.readTree(in);
        }
    }

    @Test
    void shouldFindEveryFeatureByTheIndexWhenWritten() throws IOException {
        try (FeatureFiles files = new FeatureFiles(folder, false)) {
            files.add(feature(2, 5, "old"));
            files.add(feature(0, 1, "first"));
            files.add(feature(2, 0, "zero"));
            files.add(feature(2, 5, "new"));
            assertThat(files.finish()).isEqualTo(3);
        }

        assertThat(read(0, 1).get("label").asText()).isEqualTo("first");
        assertThat(read(2, 0).get("label").asText()).isEqualTo("zero");
        assertThat(read(2, 5).get("label").asText()).isEqualTo("new");
        JsonNode offsets = index().get(2).get("offsets");
        assertThat(offsets).hasSize(7);
        assertThat(offsets.get(1).asInt()).isEqualTo(offsets.get(5).asInt());
        assertThat(index().get(1).get("offsets")).hasSize(1);
        try (var left = Files.list(folder)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("index.json.gz", "layer_0.bin", "layer_1.bin", "layer_2.bin");
        }
    }

    @Test
    void shouldNameSeparateFilesAsGraphNodesDoWhenAskedFor() throws IOException {
        try (FeatureFiles files = new FeatureFiles(folder, true)) {
            files.add(feature(2, 5, "x"));
            files.finish();
        }

        // Cantor's pairing of 2 and 5: 7 · 8 / 2 + 5.
        assertThat(JSON.readTree(folder.resolve("33.json").toFile())
                        .get("index")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void shouldHaveTheFieldsOfTheFormatWhenWritten() {
        JsonNode json = FeatureJson.of(feature(2, 5, "x"));

        assertThat(json.get("index").asInt()).isEqualTo(5);
        assertThat(json.get("transcoder_id").asText()).isEqualTo("abc");
        assertThat(json.get("activation_frequency").asDouble()).isEqualTo(.05);
        assertThat(json.at("/top_logits/0").asText()).isEqualTo("austin");
        assertThat(json.at("/bottom_logits/0").asText()).isEqualTo("sacramento");
        JsonNode example = json.at("/examples_quantiles/0/examples/0");
        assertThat(json.at("/examples_quantiles/0/quantile_name").asText()).isEqualTo("Top activations");
        assertThat(example.get("tokens").get(1).asText()).isEqualTo("capital");
        assertThat(example.get("tokens_acts_list").get(1).asDouble()).isEqualTo(2);
        assertThat(example.get("train_token_ind").asInt()).isEqualTo(1);
        assertThat(json.at("/automatic_label/held_out_score").asDouble()).isEqualTo(.9);
    }

    @Test
    void shouldSpreadTheOctavesOverEqualBinsWhenDrawn() {
        ActivationHistogram histogram = new ActivationHistogram(feature(0, 0, "x"));

        // Bins of a sixteenth: the first two hold the 8 of [1, 1.125), the last two the 2 of [1.875, 2).
        double[] bins = histogram.equalBins(16);
        assertThat(bins[0]).isCloseTo(4, within(1e-6));
        assertThat(bins[1]).isCloseTo(4, within(1e-6));
        assertThat(Arrays.stream(bins, 2, 14).sum()).isCloseTo(0, within(1e-6));
        assertThat(bins[15]).isCloseTo(1, within(1e-6));
        assertThat(histogram.quantiles(0, .4, .8, .9, 1))
                .containsExactly(new double[] {1, 1.0625, 1.125, 1.9375, 2}, within(1e-6));
    }

    @Test
    void shouldPutEverythingIntoOneBinWhenAllActivationsAreEqual() {
        FeatureDescription constant = FeatureDescription.newBuilder(feature(0, 0, "x"))
                .setActMax(1)
                .setHistogramBin(List.of(Float.floatToRawIntBits(1) >> 20))
                .setHistogramCount(List.of(10L))
                .build();

        assertThat(Arrays.stream(new ActivationHistogram(constant).equalBins(4)).sum())
                .isCloseTo(10, within(1e-6));
    }
}
