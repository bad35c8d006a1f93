package io.circuitstream.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.circuitstream.events.BehaviourSummary;
import io.circuitstream.events.DriftMeasure;
import io.circuitstream.events.DriftMeasurement;
import io.circuitstream.events.FeaturePlace;
import io.circuitstream.events.FeatureUsage;
import io.circuitstream.events.NodeKind;
import io.circuitstream.events.Provenance;
import io.circuitstream.events.RecurrentEdge;
import io.circuitstream.events.Topics.Event;
import io.circuitstream.events.TrustDistribution;
import io.circuitstream.events.WindowDrift;
import io.circuitstream.platform.stream.ProgressSink;
import io.circuitstream.platform.stream.ServiceContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the page's specifications ask of a deployment past its dashboard: POST, answered with 204 when it is done. */
final class PageControl implements AutoCloseable {
    private final Deployment deployment;
    private final Map<String, Callable<?>> server;
    private final ServiceContext context;
    private final HttpServer http;

    /** @param server what is done to the dashboard's process, by path */
    PageControl(Deployment deployment, Map<String, Callable<?>> server) throws IOException {
        this.deployment = deployment;
        this.server = server;
        context = ServiceContext.of("page-control", deployment.settings(), ProgressSink.NONE);
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        int status = 204;
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        try {
            switch (exchange.getRequestURI().getPath()) {
                case "/trace" ->
                    Samples.trace(
                            deployment.settings(), List.of(Samples.request(body).build()));
                case "/poison" ->
                    put(Event.PROMPTS, body, "no event: ".concat(body).getBytes(UTF_8));
                case "/behaviour" -> put(Event.BEHAVIOURS, body, summary(body));
                default -> server.get(exchange.getRequestURI().getPath()).call();
            }
        } catch (Exception e) {
            status = 500;
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void put(Event topic, String key, byte[] value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", (Object) deployment.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(context.topic(topic), key.getBytes(UTF_8), value))
                    .get();
        }
    }

    /** Of a window that ended a minute ago: real ones close minutes after their end. */
    private byte[] summary(String scan) {
        Instant end = Instant.ofEpochMilli(System.currentTimeMillis() / 60_000 * 60_000);
        FeaturePlace feature = new FeaturePlace(NodeKind.FEATURE, 1, 515);
        BehaviourSummary summary = BehaviourSummary.newBuilder()
                .setScan(scan)
                .setWindowStart(end.minusSeconds(300))
                .setWindowEnd(end)
                .setProvenance(Provenance.newBuilder().setScan(scan).build())
                .setCircuits(12)
                .setTopFeatures(List.of(new FeatureUsage(1, 515, 9L, 0.25)))
                .setRecurrentEdges(
                        List.of(new RecurrentEdge(feature, new FeaturePlace(NodeKind.LOGIT, 6, -1), 8L, 0.125)))
                .setTrust(TrustDistribution.newBuilder()
                        .setCompleteness(List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 3L, 9L))
                        .setValidated(12)
                        .setSupported(5)
                        .setMixed(7)
                        .build())
                .setDrift(WindowDrift.newBuilder()
                        .setPreviousStart(end.minusSeconds(600))
                        .setPermutations(199)
                        .setSeed(1)
                        .setSampleLimit(512)
                        .setMeasurements(List.of(
                                new DriftMeasurement(DriftMeasure.FEATURES, 0.4, 0.005, 0.2, 12, 10, 300),
                                new DriftMeasurement(DriftMeasure.EDGES, 0.3, 0.2, 0.35, 12, 10, 900)))
                        .build())
                .build();
        return context.serde(BehaviourSummary.class).serializer().serialize(context.topic(Event.BEHAVIOURS), summary);
    }

    @Override
    public void close() {
        http.stop(0);
        context.close();
    }
}
