package io.circuitstream.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.InferenceCompleted;
import io.circuitstream.testkit.ChildJvm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R14 in docs/reliability.md: needs the right to mount a file system in memory. */
@Tag("faults")
class DiskFullTest {
    private static final long LIMIT_SECONDS = 180;

    @TempDir
    Path folder;

    @Test
    void shouldNameTheFolderAndGoOnWhenThereIsSpaceAgain() throws Exception {
        Path state = Files.createDirectory(folder.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", state.toString()), "cannot mount a tmpfs");
        try (TraceableModel model = Inferences.model(folder);
                Cluster cluster = Cluster.start(folder.resolve("cluster"))) {
            List<InferenceCompleted> inferences =
                    Inferences.random(model.transcoder().scan(), 1_200, 3);
            cluster.send(inferences);
            try (ChildJvm full = process(cluster, state)) {
                assertThat(full.awaitExit(LIMIT_SECONDS)).as(full.output()).isEqualTo(1);
                assertThat(full.output()).contains("no space for local state", state.toString(), "bytes left");
            }
            assertThat(cluster.isCaughtUp()).isFalse();

            assertThat(run("mount", "-o", "remount,size=512m", state.toString()))
                    .isTrue();
            try (ChildJvm again = process(cluster, state)) {
                await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(cluster::isCaughtUp);
                again.terminate();
                assertThat(again.awaitExit(60)).as(again.output()).isZero();
            }
        } finally {
            run("umount", state.toString());
        }
    }

    @Test
    void shouldNameTheFolderAndGoOnWhenTheDiskFillsInTheMiddle() throws Exception {
        Path state = Files.createDirectory(folder.resolve("shared"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", state.toString()), "cannot mount a tmpfs");
        try (TraceableModel model = Inferences.model(folder);
                Cluster cluster = Cluster.start(folder.resolve("cluster"))) {
            List<InferenceCompleted> inferences =
                    Inferences.random(model.transcoder().scan(), 1_200, 3);
            cluster.send(inferences);
            Path others = state.resolve("of somebody else");
            try (ChildJvm process = process(cluster, state)) {
                await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(cluster::isCaughtUp);
                fill(others);
                await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(() -> {
                    cluster.send(inferences);
                    return !process.isAlive();
                });
                assertThat(process.awaitExit(1)).as(process.output()).isEqualTo(1);
                assertThat(process.output()).contains("no space for local state", state.toString(), "bytes left");
            }
            assertThat(cluster.isCaughtUp()).isFalse();

            Files.delete(others);
            try (ChildJvm again = process(cluster, state)) {
                await().atMost(Duration.ofSeconds(LIMIT_SECONDS)).until(cluster::isCaughtUp);
                again.terminate();
                assertThat(again.awaitExit(60)).as(again.output()).isZero();
            }
        } finally {
            run("umount", state.toString());
        }
    }

    /** Writes until there is no space left. */
    private static void fill(Path file) throws IOException {
        try (OutputStream stream = Files.newOutputStream(file)) {
            byte[] some = new byte[4096];
            while (true) {
                stream.write(some);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private ChildJvm process(Cluster cluster, Path state) {
        Map<String, String> environment = new HashMap<>(cluster.environment(state, folder));
        // Each commit writes what changed to the store, whose buffer of some megabytes is soon full then.
        environment.put("CIRCUITSTREAM_COMMIT_INTERVAL", "50ms");
        return ChildJvm.start(new ChildJvm.Command(
                "description", Main.class.getName(), List.of("-Xmx512m"), List.of(), environment, folder));
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
