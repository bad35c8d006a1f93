import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lays out the folders of a service's image from the built modules: {@code java docker/Layout.java SERVICE FOLDER}, in the root of
 * the repository.
 *
 * <pre>
 * FOLDER/app    lib/          the service's jar and those that its manifest names
 *               java.options  class path and main class, for `java @java.options`
 *               natives/      DJL's native code, unpacked, where the service has any: an image's file system is read-only
 *               healthcheck
 * FOLDER/state  empty, for the volume
 * </pre>
 */
final class Layout {
    private final String service;
    private final Path app;

    private Layout(String service, Path folder) throws IOException {
        this.service = service;
        this.app = folder.resolve("app");
        Files.createDirectories(app.resolve("lib"));
        Files.createDirectories(folder.resolve("state"));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("usage: Layout.java SERVICE FOLDER");
        }
        new Layout(arguments[0], Path.of(arguments[1])).make();
    }

    private void make() throws IOException, InterruptedException {
        Path jar = built();
        List<Path> libraries = libraries(jar);
        for (Path library : libraries) {
            copy(library, "lib/" + library.getFileName());
        }
        copy(Path.of("docker/healthcheck"), "healthcheck");
        // What an image must not run without; what depends on its memory is in its environment.
        Files.write(
                app.resolve("java.options"),
                List.of(
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Dcircuitstream.home=/",
                        // Events may be read by a serde that is not ours (circuitstream.serde.class).
                        "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.circuitstream.events",
                        "-cp",
                        "lib/" + jar.getFileName(),
                        mainClass()));
        if (libraries.stream().anyMatch(path -> path.getFileName().toString().startsWith("pytorch-native-"))) {
            unpackNatives(jar);
        }
        makeReadable();
    }

    private Path built() throws IOException {
        Path target = Path.of("services", service, "target");
        if (!Files.isDirectory(target)) {
            throw new IllegalArgumentException(target + " is not there: no service, or not built with docker/build.sh");
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file ->
                            file.getFileName().toString().matches("circuitstream-" + service + "-[0-9][^-]*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no jar in " + target + ": run docker/build.sh"));
        }
    }

    /** The jar and those that its manifest names, which are found where the class path of standalone says. */
    private static List<Path> libraries(Path jar) throws IOException {
        Map<String, Path> known = Stream.of(Files.readString(Path.of("services/standalone/target/classpath"))
                        .strip()
                        .split(":"))
                .map(Path::of)
                .collect(Collectors.toMap(path -> path.getFileName().toString(), path -> path));
        String names;
        try (JarFile opened = new JarFile(jar.toFile())) {
            names = opened.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
        }
        if (names == null) {
            throw new IllegalStateException(jar + " does not name what it needs: delete it and run docker/build.sh again");
        }
        List<Path> libraries = new ArrayList<>(List.of(jar));
        for (String name : names.split(" ")) {
            if (!known.containsKey(name)) {
                throw new IllegalStateException(jar + " needs " + name + ", which the class path of standalone has not");
            }
            libraries.add(known.get(name));
        }
        return libraries;
    }

    private String mainClass() {
        return service.equals("standalone")
                ? "io.circuitstream.standalone.cli.Circuitstream"
                : "io.circuitstream." + service + ".Main";
    }

    private void copy(Path from, String to) throws IOException {
        Files.copy(from, app.resolve(to));
    }

    /** By any user: DJL makes folders that only its own may enter. */
    private void makeReadable() throws IOException {
        try (Stream<Path> all = Files.walk(app)) {
            for (Path path : all.toList()) {
                boolean enter = Files.isDirectory(path) || path.endsWith("healthcheck");
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(enter ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    private void unpackNatives(Path jar) throws IOException, InterruptedException {
        String natives = app.resolve("natives").toAbsolutePath().toString();
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        app.resolve("lib").resolve(jar.getFileName()).toString(),
                        "docker/Natives.java")
                .inheritIO();
        java.environment()
                .putAll(Map.of(
                        "DJL_OFFLINE", "true",
                        "DJL_CACHE_DIR", natives,
                        "ENGINE_CACHE_DIR", natives));
        if (java.start().waitFor() != 0) {
            throw new IllegalStateException("the native libraries of " + service + " cannot be unpacked");
        }
    }
}
