package io.circuitstream.training.documents;

import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.training.corpus.Line;
import io.circuitstream.training.corpus.LineSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Lines in memory, each drawn with the same probability.
 *
 * @param version a digest of all of them
 */
public record TextLines(List<Line> lines, String version) implements LineSource {
    private static final int VERSION_BYTES = 8;

    static TextLines of(List<Line> lines) {
        MessageDigest digest = ContentHash.sha256();
        for (Line line : lines) {
            String text = Arrays.toString(line.prompt()) + Arrays.toString(line.answer()) + line.end();
            digest.update(text.getBytes(StandardCharsets.UTF_8));
        }
        return new TextLines(List.copyOf(lines), HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES));
    }

    @Override
    public Line draw(Random random) {
        return lines.get(random.nextInt(lines.size()));
    }
}
