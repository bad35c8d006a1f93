package io.circuitstream.testkit;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.circuitstream.embedded.EmbeddedRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.awaitility.Awaitility;

/**
 * A broker that takes TLS with SCRAM-SHA-512 only, grants nothing that was not allowed, and makes no topic by itself; beside it a registry
 * behind TLS and basic auth. A second listener without either is the administrator's. Certificates are made at the start, for 127.0.0.1.
 */
public final class SecureCluster implements AutoCloseable {
    private static final String STORE_PASSWORD = "changeit-store";
    private static final String REGISTRY_USER = "registry-user:registry-password";

    private final Path folder;
    private final LoopbackCluster brokers;
    private final int port;
    private final Admin admin;
    private final EmbeddedRegistry registry;
    private final HttpsServer gate;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    /** Starts it and waits until it accepts clients. */
    public SecureCluster(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        certificates();
        this.port = LoopbackCluster.freePort();
        String secure = "SECURE://127.0.0.1:" + port;
        this.brokers = new LoopbackCluster(
                folder.resolve("brokers"),
                1,
                Map.ofEntries(
                        Map.entry("listeners", secure),
                        Map.entry("advertised.listeners", secure),
                        Map.entry("listener.security.protocol.map", "SECURE:SASL_SSL"),
                        Map.entry("sasl.enabled.mechanisms", "SCRAM-SHA-512"),
                        Map.entry(
                                "listener.name.secure.scram-sha-512.sasl.jaas.config",
                                "org.apache.kafka.common.security.scram.ScramLoginModule required;"),
                        Map.entry("ssl.keystore.location", keystore().toString()),
                        Map.entry("ssl.keystore.password", STORE_PASSWORD),
                        Map.entry("ssl.keystore.type", "PKCS12"),
                        Map.entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                        Map.entry("super.users", "User:ANONYMOUS")));
        this.admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrapServers()));
        this.registry = EmbeddedRegistry.start(folder.resolve("registry"), 0);
        this.gate = gate();
    }

    /** Of the listener that takes TLS with SCRAM. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Of the administrator's listener, where everything is allowed. */
    public String administratorServers() {
        return brokers.bootstrapServers();
    }

    public String registryUrl() {
        return "https://127.0.0.1:" + gate.getAddress().getPort();
    }

    /** {@code user:password}. */
    public String registryUser() {
        return REGISTRY_USER;
    }

    /** Kafka properties with which clients reach brokers and registry as this user, made now if it is not there. */
    public Map<String, String> client(String user) throws ExecutionException, InterruptedException {
        String password = user + "-password";
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password)))
                .all()
                .get();
        return Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                        + password + "\";",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                certificate().toString(),
                "schema.registry.ssl.truststore.type",
                "PEM",
                "schema.registry.ssl.truststore.location",
                certificate().toString());
    }

    /** As one to whom everything is allowed. */
    public Admin administrator() {
        return admin;
    }

    /** Adds rights, which hold when this returns. */
    public void allow(Collection<AclBinding> rights) throws ExecutionException, InterruptedException {
        admin.createAcls(rights).all().get();
        await(rights, true);
    }

    /** Takes rights away, which hold no longer when this returns. */
    public void deny(Collection<AclBinding> rights) throws ExecutionException, InterruptedException {
        admin.deleteAcls(rights.stream().map(AclBinding::toFilter).toList())
                .all()
                .get();
        await(rights, false);
    }

    /** The controller answers before the broker has heard of it. */
    private void await(Collection<AclBinding> rights, boolean granted) {
        Awaitility.await().until(() -> {
            for (AclBinding right : rights) {
                if (admin.describeAcls(right.toFilter()).values().get().isEmpty() == granted) {
                    return false;
                }
            }
            return true;
        });
    }

    private Path keystore() {
        return folder.resolve("broker.p12");
    }

    private Path certificate() {
        return folder.resolve("broker.pem");
    }

    private void certificates() throws Exception {
        keytool(
                "-genkeypair -alias broker -keyalg EC -groupname secp256r1 -validity 2 -dname CN=127.0.0.1 -ext SAN=ip:127.0.0.1"
                        + " -storetype PKCS12");
        keytool("-exportcert -rfc -alias broker -file " + certificate());
    }

    private void keytool(String arguments) throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        String line = tool + " " + arguments + " -keystore " + keystore() + " -storepass " + STORE_PASSWORD;
        Process process =
                new ProcessBuilder(line.split(" ")).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + said);
        }
    }

    /** Passes calls on to the registry when they come over TLS with the right password. */
    private HttpsServer gate() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(keystore())) {
            store.load(stream, STORE_PASSWORD.toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, STORE_PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(threads);
        String expected = "Basic " + Base64.getEncoder().encodeToString(REGISTRY_USER.getBytes(StandardCharsets.UTF_8));
        HttpClient client = HttpClient.newHttpClient();
        server.createContext("/", exchange -> {
            try (exchange) {
                if (!expected.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                    exchange.sendResponseHeaders(401, -1);
                    return;
                }
                byte[] body = exchange.getRequestBody().readAllBytes();
                var answer = client.send(
                        HttpRequest.newBuilder(URI.create(registry.url() + exchange.getRequestURI()))
                                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        BodyHandlers.ofByteArray());
                exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
                exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        return server;
    }

    @Override
    public void close() {
        gate.stop(0);
        threads.shutdownNow();
        registry.close();
        admin.close();
        brokers.close();
    }
}
