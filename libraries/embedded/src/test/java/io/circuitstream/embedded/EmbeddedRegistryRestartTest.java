package io.circuitstream.embedded;

import static io.circuitstream.embedded.RegistryHttp.BOTH_WAYS;
import static io.circuitstream.embedded.RegistryHttp.ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the registry's folder is good for: ids survive, damage is found, two owners are not possible. */
final class EmbeddedRegistryRestartTest {
    @TempDir
    Path folder;

    private EmbeddedRegistry registry;

    @BeforeEach
    void start() {
        registry = EmbeddedRegistry.start(folder, 0);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void shouldKeepIdsVersionsAndLevelsWhenRestarted() throws Exception {
        http().register("a/β value", ONE);
        http().register("a/β value", BOTH_WAYS);
        http().put("/config/x", "{\"compatibility\":\"NONE\"}");

        restart();

        assertThat(http().get("/subjects").body()).isEqualTo("[\"a/β value\"]");
        assertThat(http().register("other", BOTH_WAYS).body()).isEqualTo("{\"id\":2}");
        assertThat(http().register("third", "\"string\"").body()).isEqualTo("{\"id\":3}");
        assertThat(http().get("/config/x").body()).contains("NONE");
    }

    @Test
    void shouldDropTheLastLineWhenItWasNotWrittenCompletely() throws Exception {
        http().register("a-value", ONE);
        http().register("a-value", BOTH_WAYS);
        byte[] whole = Files.readAllBytes(file());
        registry.close();
        Files.write(file(), Arrays.copyOf(whole, whole.length - 20));

        registry = EmbeddedRegistry.start(folder, 0);

        assertThat(http().get("/subjects/a-value/versions").body()).isEqualTo("[1]");
        assertThat(http().register("a-value", BOTH_WAYS).body()).isEqualTo("{\"id\":2}");
        restart();
        assertThat(http().get("/subjects/a-value/versions").body()).isEqualTo("[1,2]");
        assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    }

    @Test
    void shouldRefuseToStartNamingTheLineWhenAnEarlierLineIsDamaged() throws Exception {
        http().register("a-value", ONE);
        registry.close();
        Files.write(file(), "garbage\n{}\n".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);

        assertThatThrownBy(() -> EmbeddedRegistry.start(folder, 0))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("Line 2 of")
                .hasMessageContaining("schemas.jsonl");
        Files.delete(file());
        registry = EmbeddedRegistry.start(folder, 0);
        assertThat(http().get("/subjects").body()).isEqualTo("[]");
    }

    @Test
    void shouldRefuseASecondStartWhenFolderOrPortIsInUse(@TempDir Path other) throws Exception {
        assertThatThrownBy(() -> EmbeddedRegistry.start(folder, 0))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining("in use by another start");
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedRegistry.start(other, occupied.getLocalPort()))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("port " + occupied.getLocalPort() + " is in use");
        }
        EmbeddedRegistry.start(other, 0).close();
    }

    private Path file() {
        return folder.resolve("schemas.jsonl");
    }

    private void restart() {
        registry.close();
        registry.close();
        registry = EmbeddedRegistry.start(folder, 0);
    }

    private RegistryHttp http() {
        return new RegistryHttp(registry.url());
    }
}
