package io.circuitstream.packaging.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.packaging.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every image is laid out from; one of them is laid out and run by {@link ImageTest}. */
class LayoutTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inference",
                "attribution",
                "pruning",
                "validation",
                "description",
                "audit",
                "dashboard",
                "training",
                "standalone"
            })
    void shouldFindEveryLibraryWhenAServiceIsBuilt(String service) throws IOException {
        List<String> known = Stream.of(Repository.text("services/standalone/target/classpath")
                        .strip()
                        .split(":", -1))
                .map(path -> Path.of(path).getFileName().toString())
                .toList();

        List<String> needed = needed(service);

        assertThat(known).containsAll(needed);
        assertThat(needed).contains("logback-classic-" + Pom.read().property("logback.version") + ".jar");
        assertThat(needed).noneMatch(name -> name.matches("(junit|assertj|awaitility|circuitstream-testkit).*"));
    }

    private static List<String> needed(String service) throws IOException {
        Path jar = Repository.root()
                .resolve("services/" + service + "/target/circuitstream-" + service + "-"
                        + Pom.read().version() + ".jar");
        try (JarFile opened = new JarFile(jar.toFile())) {
            return List.of(opened.getManifest()
                    .getMainAttributes()
                    .getValue(Attributes.Name.CLASS_PATH)
                    .split(" ", -1));
        }
    }

    @Test
    void shouldNotHaveNativeCodeOfTensorsWhenAServiceRunsNoModel() throws IOException {
        assertThat(needed("audit")).noneMatch(name -> name.startsWith("pytorch-"));
        assertThat(needed("inference")).anyMatch(name -> name.startsWith("pytorch-native-"));
    }

    /** Parsed, because Confluent's repository is not to be had where this is built. */
    @Test
    void shouldNameConfluentsSerdeWhenItsProfileIsOn() throws IOException {
        Pom pom = Pom.read();
        String profile = "profiles/profile[id='confluent']/";

        assertThat(pom.at(profile + "repositories/repository/url")).isEqualTo("https://packages.confluent.io/maven/");
        assertThat(pom.at(profile + "dependencies/dependency/groupId")).isEqualTo("io.confluent");
        assertThat(pom.at(profile + "dependencies/dependency/artifactId")).isEqualTo("kafka-streams-avro-serde");
        assertThat(pom.at("repositories"))
                .as("nothing else needs another repository")
                .isEmpty();
        assertThat(pom.property("confluent.version")).matches("[0-9]+\\.[0-9]+\\.[0-9]+");
    }
}
