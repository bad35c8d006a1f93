package io.circuitstream.platform.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final PrometheusMeterRegistry registry = Meters.registry();
    private final FakeHealth health = new FakeHealth();
    private final HealthServer server = HealthServer.start("127.0.0.1", 0, health, registry::scrape);

    private static final class FakeHealth implements Health {
        private boolean live = true;
        private Optional<String> reason = Optional.empty();

        @Override
        public boolean isLive() {
            return live;
        }

        @Override
        public Optional<String> notReady() {
            return reason;
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldAnswer503WithTheReasonButStayAliveWhenADependencyIsAway() throws Exception {
        health.reason = Optional.of("no broker answers at kafka:9092");

        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("no broker answers at kafka:9092\n");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldBeReadyWhenThereIsNoReasonAgainstIt() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldNotBeAliveWhenARestartWouldHelp() throws Exception {
        health.live = false;

        assertThat(get("/livez").statusCode()).isEqualTo(503);
    }

    @Test
    void shouldShowOurMetersAndOnlyTheListedOnesOfKafka() throws Exception {
        Counter.builder("circuitstream.things").register(registry).increment();
        Counter.builder("kafka.producer.record.error.total").register(registry).increment();
        Counter.builder("kafka.consumer.some.detail").register(registry).increment();

        assertThat(get("/metrics").body())
                .contains(
                        "circuitstream_things_total 1.0",
                        "kafka_producer_record_error_total 1.0",
                        "jvm_memory_used_bytes")
                .doesNotContain("some_detail");
    }

    @Test
    void shouldRefuseOtherPathsAndMethods() throws Exception {
        assertThat(get("/livez/x").statusCode()).isEqualTo(404);
        HttpRequest post = HttpRequest.newBuilder(server.uri().resolve("/livez"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void shouldNameTheAddressWhenThePortIsTaken() {
        int port = server.uri().getPort();

        assertThatThrownBy(() -> HealthServer.start("127.0.0.1", port, health, () -> ""))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("127.0.0.1:" + port);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve(path)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
