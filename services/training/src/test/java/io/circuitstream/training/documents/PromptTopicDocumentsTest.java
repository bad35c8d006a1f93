package io.circuitstream.training.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import io.circuitstream.training.corpus.Split;
import io.circuitstream.training.corpus.SplitRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real broker and registry in this process; each test has a topic of its own, with two partitions. */
class PromptTopicDocumentsTest {
    /** Nothing listens there. */
    private static final String NOWHERE = "127.0.0.1:1";

    @TempDir
    static Path folder;

    private static PromptTopics topics;
    private static TinyTen tinyTen;
    private static DocumentEncoder encoder;

    @BeforeAll
    static void start() {
        topics = new PromptTopics(folder);
        tinyTen = new TinyTen();
        encoder = tinyTen.encoder(128);
    }

    @AfterAll
    static void stop() {
        tinyTen.close();
        topics.close();
    }

    @Test
    void shouldReadWhatWasCommittedPartitionByPartitionWhenRecordsAreAbortedOrPoison() throws Exception {
        String topic = topics.make("mixed");
        List<String> second = texts("capital", 20);
        List<String> first = texts("fact", 20);
        topics.send(topic, 1, second);
        topics.send(topic, 0, first.subList(0, 10));
        topics.sendBetweenAborted(topic, 0, first.subList(10, 20));
        topics.send(topic, 1, "poison".getBytes(StandardCharsets.UTF_8));
        topics.send(topic, 1, (byte[]) null);
        topics.send(topic, 1, topics.bytes(topic, prompt().build()));
        topics.send(
                topic,
                1,
                topics.bytes(topic, prompt().setTokenIds(List.of(1, 99_999)).build()));
        topics.send(
                topic,
                1,
                topics.bytes(topic, prompt().setTokenIds(List.of(1, 8, 9)).build()));

        PromptTopicDocuments documents = PromptTopicDocuments.read(topics.settings(), topic, encoder);

        List<List<Integer>> expected = Stream.concat(
                        Stream.concat(first.stream(), second.stream())
                                .filter(text -> SplitRule.ofText(text) == Split.TRAIN)
                                .map(tinyTen::ids),
                        Stream.of(List.of(1, 8, 9)))
                .toList();
        assertThat(expected).hasSizeGreaterThan(20);
        assertThat(TinyTen.ids(documents, Split.TRAIN))
                .isEqualTo(expected)
                .isEqualTo(TinyTen.ids(documents, Split.TRAIN));
        assertThat(documents.describe())
                .startsWith("topic " + topic + " at " + topics.brokers() + " up to 0:25,1:25: 41 documents (")
                .endsWith(" tokens (4 unreadable records skipped)");
        assertThat(documents.endOffsets()).isEqualTo("0:25,1:25");
        assertThat(documents.warnings()).noneMatch(warning -> warning.contains("gone"));
    }

    @Test
    void shouldReadTheSameAgainWhenTheEarlierEndOffsetsAreGiven() throws Exception {
        String topic = topics.make("resumed");
        topics.send(topic, 0, texts("is", 20));
        PromptTopicDocuments before = PromptTopicDocuments.read(topics.settings(), topic, encoder);
        topics.send(topic, 0, texts("capital", 20));
        topics.send(topic, 1, texts("fact", 20));

        PromptTopicDocuments resumed =
                PromptTopicDocuments.read(topics.settings(), topic, before.endOffsets(), encoder);
        PromptTopicDocuments anew = PromptTopicDocuments.read(topics.settings(), topic, encoder);

        for (Split split : Split.values()) {
            assertThat(TinyTen.ids(resumed, split)).isEqualTo(TinyTen.ids(before, split));
        }
        assertThat(resumed.endOffsets()).isEqualTo("0:20,1:0");
        assertThat(TinyTen.ids(anew, Split.TRAIN))
                .hasSizeGreaterThan(TinyTen.ids(before, Split.TRAIN).size());
        assertThatThrownBy(() -> PromptTopicDocuments.read(topics.settings(), topic, "0:41,1:20", encoder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("end offset 41 of partition 0 is beyond the end 40 of topic " + topic + " at "
                        + topics.brokers() + ": is it the topic from which the offsets were taken?");
    }

    @Test
    void shouldWarnWhenTheBeginningOfTheTopicIsGone() throws Exception {
        String topic = topics.make("retention");
        topics.send(topic, 0, texts("is", 20));
        topics.deleteBefore(topic, 0, 5);

        PromptTopicDocuments documents = PromptTopicDocuments.read(topics.settings(), topic, encoder);

        assertThat(documents.describe()).contains(": 15 documents (");
        assertThat(documents.warnings())
                .contains("the first 5 records of partition 0 of topic " + topic
                        + " are gone: a run that was begun before had other documents");
    }

    @Test
    void shouldSayWhatIsMissingWhenTopicOrPromptsAre() throws Exception {
        String empty = topics.make("empty");
        String poison = topics.make("poison");
        topics.send(poison, 0, "poison".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> PromptTopicDocuments.read(topics.settings(), "none", encoder))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("topic none is missing at " + topics.brokers() + ": give the name");
        assertThatThrownBy(() -> PromptTopicDocuments.read(topics.settings(), empty, encoder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("topic " + empty + " at " + topics.brokers() + " has no document: give at least one text");
        assertThatThrownBy(() -> PromptTopicDocuments.read(topics.settings(), poison, encoder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(" (1 unreadable records skipped) has no document");
    }

    @Test
    void shouldNameTheAddressWhenBrokerOrRegistryIsAway() throws Exception {
        String topic = topics.make("away");
        topics.send(topic, 0, texts("is", 1));
        Settings noBroker = topics.withBrokers(NOWHERE);
        Settings noRegistry = topics.withRegistry("http://" + NOWHERE);

        try (PromptTopicReader reader = new PromptTopicReader(noBroker, topic, Duration.ofSeconds(1))) {
            assertThatThrownBy(reader::ends)
                    .isInstanceOf(StartupException.class)
                    .hasMessageStartingWith("topic " + topic + " cannot be read at " + NOWHERE
                            + ": check that the brokers run, or name yours with --bootstrap-servers");
        }
        assertThatThrownBy(() -> PromptTopicDocuments.read(noRegistry, topic, encoder))
                .isInstanceOf(StartupException.class)
                .hasMessageStartingWith("the schemas of topic " + topic + " cannot be read from the registry at http://"
                        + NOWHERE + ": check that it runs, or name yours with --schema-registry-url");
    }

    private static PromptSubmitted.Builder prompt() {
        return PromptSubmitted.newBuilder().setPromptId("p");
    }

    /** Different texts that begin with the word. */
    private static List<String> texts(String word, int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(word + " " + i / 10 + " " + i % 10);
        }
        return texts;
    }
}
