package io.circuitstream.platform.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Accepts every connection and closes it. */
final class ClosingServer implements AutoCloseable {
    private final ServerSocket server;
    private final AtomicInteger accepted = new AtomicInteger();

    private ClosingServer(ServerSocket server) {
        this.server = server;
    }

    static ClosingServer start() throws IOException {
        ClosingServer closing = new ClosingServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(closing::run, "closing-server");
        thread.setDaemon(true);
        thread.start();
        return closing;
    }

    private void run() {
        try {
            while (true) {
                server.accept().close();
                accepted.incrementAndGet();
            }
        } catch (IOException closed) {
            // by close()
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
