package io.circuitstream.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.dashboard.traces.ServedModel;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.platform.serde.EventClasses;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H1 in docs/reliability.md, ten thousand times: requests with bytes changed, as they go over the wire. */
@Tag("faults")
class HttpFuzzTest {
    private static final long SEED = Long.getLong("circuitstream.seed", System.nanoTime());
    private static final int REQUESTS = 10_000;
    private static final int BETWEEN_GOOD_ONES = 100;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final long MORE_MEMORY = 48L * 1024 * 1024;

    private static final List<String> GOOD = List.of(
            post(
                    "/traces",
                    "{\"text\":\"fact : the capital of texas is\",\"tags\":[\"a\"],\"tenant\":\"t\","
                            + "\"pruning\":{\"nodeThreshold\":0.8}}"),
            post("/tokens", "{\"text\":\"fact : the capital\"}"),
            post(
                    "/steerings",
                    "{\"text\":\"fact : the capital of texas is\",\"features\":[{\"layer\":1,\"feature\":2,"
                            + "\"multiplier\":-1}]}"),
            post("/traces/texas/scores", "{\"nodes\":[\"1_2_3\"],\"pinned\":[\"1_2_3\"]}"),
            request("PUT", "/traces/texas/annotations", "{\"version\":0,\"pins\":[\"1_2_3\"],\"supernodes\":[]}"),
            request("PUT", "/labels/x/1/2", "{\"label\":\"a label\",\"author\":\"me\"}"),
            post(
                    "/imports",
                    "{\"metadata\":{\"slug\":\"x\",\"scan\":\"s\",\"prompt_tokens\":[\"a\"],\"prompt\":\"a\"},"
                            + "\"nodes\":[],\"links\":[]}"),
            request("GET", "/traces?limit=10&q=fact&verdict=LOW&before=5", ""),
            request("GET", "/traces/texas/circuit", ""),
            request("GET", "/features?scan=x&q=y&limit=5", ""),
            request("GET", "/features/x/1/2", ""),
            request("GET", "/audit/edges?limit=5", ""),
            request("GET", "/dead-letters/inference?limit=5", ""));

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final Map<Integer, Integer> answers = new TreeMap<>();

    @Test
    void shouldNeverFailAndLoseNoGoodRequestWhenOthersAreDamaged() throws Exception {
        System.out.println("circuitstream.seed=" + SEED);
        EventClasses.trust();
        try (TraceableModel model =
                        TraceableModel.load(PipelineResults.MODEL, PipelineResults.MODEL.resolve("clt"), 1);
                TestCluster cluster = new TestCluster(folder)) {
            ServedModel served = new ServedModel("tiny-ten", "h", "s", 6, 6144, 64);
            Dashboard dashboard = cluster.dashboard(
                    folder.resolve("state"),
                    new Dashboard.Model(model.model().tokens(), served),
                    Map.of("circuitstream.dashboard.rate.per.minute", "100000"));
            try {
                dashboard.start();
                cluster.send(PipelineResults.of(
                        model,
                        PromptSubmitted.newBuilder()
                                .setPromptId("texas")
                                .setText("fact : the capital of texas is")
                                .build()));
                fuzz(dashboard);
            } finally {
                dashboard.close();
            }
        }
    }

    private void fuzz(Dashboard dashboard) throws Exception {
        ApiClient api = new ApiClient(dashboard.uri());
        List<String> good = new ArrayList<>();
        long before = 0;
        for (int i = 0; i < REQUESTS; i++) {
            byte[] request = damaged(GOOD.get(random.nextInt(GOOD.size())).getBytes(UTF_8));
            int status = status(dashboard.uri().getPort(), request);
            answers.merge(status, 1, Integer::sum);
            assertThat(status)
                    .as("%d: %s", i, new String(request, UTF_8))
                    .isNotIn(500, 502, 503, 504); // 505: another version of HTTP
            if (i % BETWEEN_GOOD_ONES == BETWEEN_GOOD_ONES - 1) {
                ApiClient.Answer answer = api.post("/api/v1/traces", Map.of("text", "fact : the capital of texas is"));
                assertThat(answer.status()).isEqualTo(202);
                good.add(answer.json().path("promptId").textValue());
            }
            if (i == REQUESTS / 5) {
                before = memory();
            }
        }
        System.out.println("answers (0: closed without one): " + answers);
        for (String id : good) {
            await().atMost(SOON).until(() -> api.get("/api/v1/traces/" + id).status() == 200);
        }
        assertThat(good).hasSize(REQUESTS / BETWEEN_GOOD_ONES).doesNotHaveDuplicates();
        assertThat(answers.get(400)).isGreaterThan(REQUESTS / 10);
        assertThat(memory()).isLessThan(before + MORE_MEMORY);
    }

    /** 0 when the server closes the connection, or waits for bytes that do not come. */
    private static int status(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            byte[] line = socket.getInputStream().readNBytes(12);
            String text = new String(line, UTF_8);
            return text.matches("HTTP/1\\.1 \\d{3}") ? Integer.parseInt(text.substring(9)) : 0;
        } catch (SocketException closed) {
            return 0;
        } catch (SocketTimeoutException stuck) {
            throw new AssertionError("no answer: " + new String(request, UTF_8), stuck);
        }
    }

    private byte[] damaged(byte[] good) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int cut = random.nextInt(20) == 0 ? random.nextInt(good.length) : good.length;
        double rate = 1.0 / (10 + random.nextInt(200));
        for (int i = 0; i < cut; i++) {
            if (random.nextDouble() >= rate) {
                out.write(good[i]);
                continue;
            }
            switch (random.nextInt(5)) {
                case 0 -> out.write(random.nextInt(256));
                case 1 -> {} // left out
                case 2 ->
                    out.writeBytes(
                            "\"{[<script>\u202E".substring(random.nextInt(8)).getBytes(UTF_8));
                case 3 -> out.writeBytes("-1e999".getBytes(UTF_8));
                default -> {
                    out.write(good[i]);
                    out.write(good[i]);
                }
            }
        }
        return out.toByteArray();
    }

    private static long memory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static String post(String path, String body) {
        return request("POST", path, body);
    }

    private static String request(String method, String path, String body) {
        return method + " /api/v1" + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n\r\n"
                + body;
    }
}
