package io.circuitstream.description.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.circuitstream.events.Columns;
import io.circuitstream.events.FeatureDescription;
import io.circuitstream.events.FeatureExample;
import io.circuitstream.events.FeatureQuantile;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.TokenEffect;
import io.circuitstream.platform.serde.EventClasses;
import io.circuitstream.platform.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers as OpenAI-compatible ones do, or fails. */
class EndpointLabelsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String ANSWER =
            "{\"choices\": [{\"message\": {\"content\": \"\\\"Texan cities\\\"\\nSure!\"}}]}";

    static {
        EventClasses.trust();
    }

    private final List<String> labels = Collections.synchronizedList(new ArrayList<>());
    private final List<JsonNode> questions = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> times = Collections.synchronizedList(new ArrayList<>());
    private final List<String> tokens = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch hanging = new CountDownLatch(1);
    private HttpServer server;
    private volatile int status = 200;
    private volatile boolean hangs;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        hanging.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        times.add(System.nanoTime());
        tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        questions.add(new ObjectMapper().readTree(exchange.getRequestBody().readAllBytes()));
        if (hangs) {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        byte[] body = ANSWER.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private EndpointLabels labels(Duration spacing, String... more) {
        Map<String, String> values = new HashMap<>();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/";
        values.put(EndpointSettings.URL.key(), url);
        values.put(EndpointSettings.MODEL.key(), "small");
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        Settings settings = Settings.of(EndpointSettings.all(), values);
        return new EndpointLabels(
                new ChatClient(settings, url),
                spacing,
                (feature, label, author) -> labels.add(feature.getFeature() + " " + label + " " + author));
    }

    private static FeatureDescription feature(int index) {
        return FeatureDescription.newBuilder()
                .setScan("abc")
                .setLayer(1)
                .setFeature(index)
                .setProvenance(Provenance.newBuilder().build())
                .setQuantiles(List.of(new FeatureQuantile(
                        "Top activations",
                        List.of(new FeatureExample(
                                List.of("in", "dallas", "texas"),
                                List.of(1, 2, 3),
                                Columns.of(new float[] {0, 1, 3}),
                                2,
                                0)))))
                .setPromoted(List.of(new TokenEffect(4, "austin", 1f)))
                .build();
    }

    @Test
    void shouldHandOverTheFirstLineWhenTheEndpointAnswers() {
        try (EndpointLabels asking = labels(Duration.ZERO, EndpointSettings.TOKEN.key(), "s3cret")) {
            assertThat(asking.offer(feature(7))).isTrue();

            await().atMost(LIMIT).until(() -> labels.size() == 1);
        }
        assertThat(labels).containsExactly("7 Texan cities small");
        assertThat(tokens).containsExactly("Bearer s3cret");
        assertThat(questions.get(0).get("model").asText()).isEqualTo("small");
        assertThat(questions.get(0).at("/messages/1/content").asText()).contains("in <<dallas>> <<<texas>>>", "austin");
    }

    @Test
    void shouldAskOnceForAFeatureAndNoMoreOftenThanItMay() {
        try (EndpointLabels asking = labels(Duration.ofMillis(150))) {
            for (int i = 0; i < 4; i++) {
                assertThat(asking.offer(feature(i))).isTrue();
            }
            assertThat(asking.offer(feature(0))).isFalse();

            await().atMost(LIMIT).until(() -> labels.size() == 4);
        }
        assertThat(labels).hasSize(4);
        // Three pauses of 150 ms; the begin of a request and its arrival differ by less than one of them.
        assertThat(Duration.ofNanos(times.get(3) - times.get(0))).isGreaterThan(Duration.ofMillis(300));
    }

    @Test
    void shouldGiveUpAndGoOnWhenAnAnswerTakesTooLong() {
        hangs = true;
        try (EndpointLabels asking = labels(Duration.ZERO, EndpointSettings.TIMEOUT.key(), "200ms")) {
            asking.offer(feature(1));
            await().atMost(LIMIT).until(() -> questions.size() == 1);
            hangs = false;

            await().atMost(LIMIT).until(() -> asking.offer(feature(1)));
            await().atMost(LIMIT).until(() -> labels.size() == 1);
        }
    }

    @Test
    void shouldNotBlockAndLetPassWhatDoesNotFitWhenTheEndpointHangs() {
        hangs = true;
        try (EndpointLabels asking = labels(Duration.ZERO)) {
            int taken = 0;
            for (int i = 0; i < 2_000; i++) {
                taken += asking.offer(feature(i)) ? 1 : 0;
            }
            assertThat(taken).isBetween(256, 257);
        }
    }

    @Test
    void shouldAskAgainLaterWhenTheEndpointIsBusyButNeverWhenItRefuses() {
        status = 503;
        AtomicInteger next = new AtomicInteger(2);
        try (EndpointLabels asking = labels(Duration.ZERO)) {
            asking.offer(feature(1));
            await().atMost(LIMIT).until(() -> questions.size() == 1);
            await().atMost(LIMIT).until(() -> asking.offer(feature(1)));
            await().atMost(LIMIT).until(() -> questions.size() == 2);
            status = 401;
            asking.offer(feature(2));
            await().atMost(LIMIT).until(() -> questions.size() == 3);
            await().atMost(LIMIT).until(() -> !asking.offer(feature(next.incrementAndGet())));
        }
        assertThat(labels).isEmpty();
    }
}
