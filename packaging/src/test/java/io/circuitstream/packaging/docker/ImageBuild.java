package io.circuitstream.packaging.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.circuitstream.packaging.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the steps of the Dockerfile in their order without an engine: each stage's root is a folder that lacks what the base
 * images hold. The working folder of the stages before {@code runtime} is the repository, which the reactor has built.
 */
final class ImageBuild {
    /** What a folder cannot stand in for, and why. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "RUN node services/dashboard/ui/build.mjs",
            "needs npm's registry; Maven's build of the dashboard runs the same script",
            "COPY --from=page /source/services/dashboard/target/classes/ui services/dashboard/target/classes/ui",
            "the reactor has put it there");

    private final Dockerfile dockerfile;
    private final Path folder;
    private final List<String> done = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();

    ImageBuild(Dockerfile dockerfile, Path folder) {
        this.dockerfile = dockerfile;
        this.folder = folder;
    }

    List<String> done() {
        return done;
    }

    List<String> leftOut() {
        return leftOut;
    }

    static List<String> allowedToBeLeftOut() {
        return LEFT_OUT.keySet().stream().sorted().toList();
    }

    /** The image of the stage {@code runtime}, on which the others are based. */
    Image build() throws IOException, InterruptedException {
        for (Dockerfile.Stage stage : dockerfile.stages()) {
            for (Dockerfile.Step step : stage.steps()) {
                carryOut(stage.name(), step);
            }
            if (stage.name().equals("runtime")) {
                return new Image(root("runtime"), stage);
            }
        }
        throw new AssertionError("no stage runtime");
    }

    private Path root(String stage) {
        return folder.resolve(stage);
    }

    private void carryOut(String stage, Dockerfile.Step step) throws IOException, InterruptedException {
        String line = step.instruction() + " " + step.arguments().replaceFirst("^--mount=\\S+\\s+", "");
        if (LEFT_OUT.containsKey(line)) {
            leftOut.add(line);
            return;
        }
        switch (step.instruction()) {
            case "COPY" -> copy(stage, new ArrayList<>(List.of(step.arguments().split("\\s+", -1))));
            case "RUN" -> run(stage, line.substring("RUN ".length()), step.variables());
            case "WORKDIR", "LABEL", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT" -> {
                return; // Says how to run the image, not what is in it.
            }
            default -> throw new AssertionError("this test does not know " + step.instruction());
        }
        done.add(stage + ": " + line);
    }

    private void copy(String stage, List<String> words) throws IOException, InterruptedException {
        String from = option(words, "--from=");
        String owner = option(words, "--chown=");
        assertThat(words).as("source and target of COPY").hasSize(2);
        Path source = from == null ? Repository.root().resolve(words.get(0)) : Path.of(root(from) + words.get(0));
        assertThat(source).exists();
        if (!stage.equals("runtime")) {
            return; // The repository is its working folder and has the file.
        }
        Path target = Path.of(root(stage) + words.get(1));
        Files.createDirectories(target.getParent());
        linkAll(source, target);
        if (owner != null && Image.isRoot()) {
            assertThat(exitCode(folder, Map.of(), "chown", "-R", owner, target.toString()))
                    .isZero();
        }
    }

    private static @Nullable String option(List<String> words, String name) {
        for (String word : words) {
            if (word.startsWith(name)) {
                words.remove(word);
                return word.substring(name.length());
            }
        }
        return null;
    }

    /** As a copy, without its time and space: nobody writes to either. */
    private static void linkAll(Path source, Path target) throws IOException {
        try (Stream<Path> all = Files.walk(source)) {
            for (Path path : all.toList()) {
                Path to = target.resolve(source.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(to);
                    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(path));
                } else {
                    Files.createLink(to, path);
                }
            }
        }
    }

    private void run(String stage, String command, Map<String, String> variables)
            throws IOException, InterruptedException {
        Path image = root(stage).resolve("image");
        int exit =
                exitCode(Repository.root(), variables, "sh", "-ec", command.replaceAll("(^| )/image\\b", "$1" + image));
        assertThat(exit).as("exit code of %s, output in %s", command, log()).isZero();
    }

    Path log() {
        return folder.resolve("build.log");
    }

    private int exitCode(Path directory, Map<String, String> variables, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().putAll(variables);
        // The reactor has built; that Maven would be asked for the same is asserted by what this prints.
        builder.environment().put("MAVEN", "echo");
        return builder.start().waitFor();
    }
}
