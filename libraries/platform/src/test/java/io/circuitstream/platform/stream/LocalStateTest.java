package io.circuitstream.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStateTest {
    @TempDir
    Path parent;

    @Test
    void shouldPutTheFolderAsideOnceWhenAStoreIsDamaged() throws Exception {
        Path folder = Files.createDirectories(parent.resolve("echo"));
        Files.writeString(folder.resolve("file"), "damaged");
        LocalState state = new LocalState(folder);

        state.failed(new StreamsException(new ProcessorStateException("cannot open")));

        assertThat(state.putAsideWhenDamaged()).isTrue();
        assertThat(folder).doesNotExist();
        assertThat(parent.resolve("echo.damaged/file")).hasContent("damaged");
        assertThat(state.putAsideWhenDamaged()).isFalse();
    }

    @Test
    void shouldLeaveTheFolderAloneWhenSomethingElseFailed() throws Exception {
        Path folder = Files.createDirectories(parent.resolve("echo"));
        LocalState state = new LocalState(folder);

        state.failed(new StreamsException("a bug"));

        assertThat(state.putAsideWhenDamaged()).isFalse();
        assertThat(folder).isDirectory();
    }

    @Test
    void shouldNotSpeakOfSpaceWhenTheFolderCouldNotBeMade() {
        LocalState state = new LocalState(parent.resolve("absent"));

        state.failed(new ProcessorStateException("the folder could not be made"));

        assertThat(state.putAsideWhenDamaged()).isFalse();
    }
}
