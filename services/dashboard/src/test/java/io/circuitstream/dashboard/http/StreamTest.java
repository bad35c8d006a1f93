package io.circuitstream.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.circuitstream.dashboard.access.Access;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many pages that watch, and one that does not read. */
class StreamTest {
    private static final int CLIENTS = 200;
    private static final int EVENTS = 600;
    private static final int QUEUE = 128;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private static final class Page implements AutoCloseable {
        private final Socket socket;
        final AtomicInteger traces = new AtomicInteger();
        volatile boolean greeted;
        volatile boolean ordered = true;

        Page(Offline server) throws IOException {
            socket = new Socket();
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.uri.getPort()));
            socket.getOutputStream()
                    .write("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        }

        void read() {
            Thread thread = new Thread(null, this::follow, "page", 128 << 10);
            thread.setDaemon(true);
            thread.start();
        }

        private void follow() {
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: hello")) {
                        greeted = true;
                    } else if (line.startsWith("data: {\"n\":")) {
                        int number = Integer.parseInt(line.replaceAll("data: \\{\"n\":(\\d+),.*", "$1"));
                        ordered &= number == traces.get();
                        traces.incrementAndGet();
                    }
                }
            } catch (IOException e) {
                ordered &= socket.isClosed();
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** The response is gone before the stream has ended: what Javalin does then must not fail, because it would do it again. */
    @Test
    void shouldEndWhenTheServerHasStoppedBefore() throws Exception {
        try (Offline server = new Offline(folder, Access.OPEN, QUEUE);
                Page page = new Page(server)) {
            page.read();
            await().atMost(SOON).until(() -> page.greeted);

            server.server.close();
            server.hub.close();

            await().atMost(SOON).until(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("live-stream")));
        }
    }

    @Test
    void shouldHoldUpNobodyWhenOneOfTwoHundredPagesIsStuck() throws Exception {
        List<Page> pages = new ArrayList<>();
        try (Offline server = new Offline(folder, Access.OPEN, QUEUE)) {
            Page stuck = new Page(server);
            for (int i = 1; i < CLIENTS; i++) {
                Page page = new Page(server);
                page.read();
                pages.add(page);
            }
            await().atMost(SOON)
                    .until(() ->
                            server.hub.clients() == CLIENTS && pages.stream().allMatch(page -> page.greeted));

            String padding = "x".repeat(2_000);
            for (int n = 0; n < EVENTS; n++) {
                server.happen(("{\"n\":" + n + ",\"x\":\"" + padding + "\"}").getBytes(StandardCharsets.UTF_8));
                if (n % (QUEUE / 2) == 0) {
                    int sent = n + 1;
                    await().atMost(SOON).until(() -> pages.stream().allMatch(page -> page.traces.get() == sent));
                }
            }
            await().atMost(SOON).until(() -> pages.stream().allMatch(page -> page.traces.get() == EVENTS));

            assertThat(pages).allMatch(page -> page.ordered);
            assertThat(server.hub.clients()).as("the stuck one must come again").isEqualTo(CLIENTS - 1);
            assertThat(server.hub.dropped()).isGreaterThanOrEqualTo(QUEUE);
            stuck.close();
            for (Page page : pages) {
                page.close();
            }
        }
    }
}
