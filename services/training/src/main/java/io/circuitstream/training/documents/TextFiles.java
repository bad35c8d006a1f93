package io.circuitstream.training.documents;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads texts from files: {@code .txt} with a document a line, {@code .jsonl} with a {@link JsonLine} a line, blank ones not
 * counted.
 */
final class TextFiles {
    private TextFiles() {}

    /**
     * Reads everything.
     *
     * @param sources files, and folders of them, which are read with all folders in them, sorted by name
     * @throws IllegalArgumentException naming the file, and the line where there is one, and saying what to do
     */
    static void read(List<Path> sources, TextSink sink) {
        for (Path file : files(sources)) {
            read(file, sink);
        }
    }

    static String names(List<Path> sources) {
        return sources.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private static List<Path> files(List<Path> sources) {
        List<Path> files = new ArrayList<>();
        for (Path source : sources) {
            if (!Files.exists(source)) {
                throw new IllegalArgumentException(
                        source + ": no such file or folder: give .txt or .jsonl files, or folders of them");
            }
            try (Stream<Path> found = Files.walk(source, FileVisitOption.FOLLOW_LINKS)) {
                found.filter(Files::isRegularFile).sorted().forEach(files::add);
            } catch (IOException | UncheckedIOException e) {
                throw new IllegalArgumentException(source + " cannot be listed: " + e.getMessage(), e);
            }
        }
        for (Path file : files) {
            if (!isText(file) && !isJson(file)) {
                throw new IllegalArgumentException(file
                        + ": unknown kind of file: give .txt (a document a line) or .jsonl (a JSON object a line)");
            }
        }
        return files;
    }

    private static void read(Path file, TextSink sink) {
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                if (isText(file)) {
                    sink.addText(line.strip(), "");
                } else {
                    JsonLine.parse(line).addTo(sink);
                }
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    file + ": after line " + number + " it is not UTF-8: convert it, for example with iconv", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ", line " + number + ": " + e.getMessage(), e);
        }
    }

    private static boolean isText(Path file) {
        return file.toString().endsWith(".txt");
    }

    private static boolean isJson(Path file) {
        return file.toString().endsWith(".jsonl");
    }
}
