package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class TemporaryFolderTest {
    @Test
    void shouldLeaveNothingBehindWhenClosed() throws IOException {
        TemporaryFolder folder = TemporaryFolder.create("test");
        Files.createDirectories(folder.path().resolve("a/b"));
        Files.writeString(folder.path().resolve("a/b/file"), "x");

        folder.close();
        folder.close();

        assertThat(folder.path()).doesNotExist();
    }
}
