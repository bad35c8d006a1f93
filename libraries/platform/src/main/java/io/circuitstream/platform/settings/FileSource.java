package io.circuitstream.platform.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Reads a properties file (UTF-8) with keys {@code circuitstream.*} and {@code kafka.*}. */
final class FileSource {

    private FileSource() {}

    static List<Entry> read(@Nullable String path, List<String> problems) {
        if (path == null) {
            return List.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(path))) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            problems.add("settings file " + path + " cannot be read: " + e);
            return List.of();
        }
        return entries(properties, Origin.file(path));
    }

    static List<Entry> entries(Map<?, ?> values, Origin origin) {
        return values.entrySet().stream()
                .map(e -> new Entry(
                        e.getKey().toString(),
                        e.getKey().toString(),
                        e.getValue().toString(),
                        origin))
                .toList();
    }
}
