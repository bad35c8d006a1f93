package io.circuitstream.embedded;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The two loopback ports of a broker. Ports that were chosen freely are written beside the data and taken again at the
 * next start if they are still free, so that clients find the broker at its old address.
 *
 * <p>Kafka halts the whole process when it cannot bind, so ports are tried before it starts. Another process may still
 * take one in the moment between.
 */
record Ports(int broker, int controller) {
    private static final String FILE = "ports.properties";

    /** @throws EmbeddedException if {@code requested} is not 0 and in use */
    static Ports choose(Path folder, int requested) throws IOException {
        if (requested != 0 && !isFree(requested)) {
            throw new EmbeddedException("port " + requested + " is in use: choose another with --port");
        }
        Properties last = read(folder);
        // Both sockets are open at the same time, so the two ports differ.
        try (ServerSocket broker = open(requested != 0 ? requested : port(last, "broker"));
                ServerSocket controller = open(port(last, "controller"))) {
            Ports ports = new Ports(broker.getLocalPort(), controller.getLocalPort());
            ports.write(folder);
            return ports;
        }
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static ServerSocket open(int wanted) throws IOException {
        return bind(wanted != 0 && isFree(wanted) ? wanted : 0);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = bind(port)) {
            return socket.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }

    private static ServerSocket bind(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(loopback(port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Properties read(Path folder) throws IOException {
        Properties properties = new Properties();
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
        }
        return properties;
    }

    /** 0 when there is no usable entry: an edited or torn file costs the old address, nothing else. */
    private static int port(Properties properties, String name) {
        try {
            int port = Integer.parseInt(properties.getProperty(name, "0"));
            return port > 0 && port < 65536 ? port : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void write(Path folder) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("broker", String.valueOf(broker));
        properties.setProperty("controller", String.valueOf(controller));
        try (Writer writer = Files.newBufferedWriter(folder.resolve(FILE))) {
            properties.store(writer, "Ports of the last start; taken again if they are free");
        }
    }
}
