package io.circuitstream.description.files;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.circuits.export.NeuronpediaGraph;
import io.circuitstream.events.FeatureDescription;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A folder that circuit-tracer's front end reads features from: {@code index.json.gz}, a list with one entry for each layer (file name and
 * offsets[n+1]), and one binary file for each layer. Record i of a layer, feature i, lies between offsets i and i+1: its length as little-endian
 * uint32, then JSON compressed with zlib; nothing for a feature that is not described. Of two descriptions of a feature the
 * later one counts. Holds one record in memory; what is added lies in a file of its own until {@link #finish}.
 */
public final class FeatureFiles implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SPOOL = ".spool";

    private final Path folder;
    private final boolean separate;
    private final FileChannel spool;
    private final TreeMap<Integer, TreeMap<Integer, Extent>> layers = new TreeMap<>();

    private record Extent(long offset, int length) {}

    /**
     * Files in a folder, which is made.
     *
     * @param separate whether every feature also gets a file of its own, named by its Cantor number as graph nodes are
     */
    public FeatureFiles(Path folder, boolean separate) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.separate = separate;
        this.spool = FileChannel.open(
                folder.resolve(SPOOL),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    public void add(FeatureDescription feature) throws IOException {
        byte[] json = JSON.writeValueAsBytes(FeatureJson.of(feature));
        if (separate) {
            String name = NeuronpediaGraph.cantor(feature.getLayer(), feature.getFeature()) + ".json";
            Files.write(folder.resolve(name), json);
        }
        ByteBuffer record = record(json);
        long offset = spool.size();
        int length = record.remaining();
        spool.position(offset);
        while (record.hasRemaining()) {
            spool.write(record);
        }
        layers.computeIfAbsent(feature.getLayer(), l -> new TreeMap<>())
                .put(feature.getFeature(), new Extent(offset, length));
    }

    private static ByteBuffer record(byte[] json) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (DeflaterOutputStream zlib = new DeflaterOutputStream(body)) {
            zlib.write(json);
        }
        return ByteBuffer.allocate(Integer.BYTES + body.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(body.size())
                .put(body.toByteArray())
                .flip();
    }

    /** Writes layer files and index, and yields how many features they hold. */
    public int finish() throws IOException {
        ArrayNode index = JSON.createArrayNode();
        int features = 0;
        int count = layers.isEmpty() ? 0 : layers.lastKey() + 1;
        for (int layer = 0; layer < count; layer++) {
            SortedMap<Integer, Extent> described = layers.getOrDefault(layer, new TreeMap<>());
            features += described.size();
            String name = "layer_" + layer + ".bin";
            ObjectNode entry = index.addObject().put("filename", name);
            write(folder.resolve(name), described, entry.putArray("offsets"));
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("index.json.gz")))) {
            JSON.writeValue(out, index);
        }
        return features;
    }

    private void write(Path file, SortedMap<Integer, Extent> described, ArrayNode offsets) throws IOException {
        long offset = 0;
        int next = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<Integer, Extent> feature : described.entrySet()) {
                while (next <= feature.getKey()) {
                    offsets.add(offset);
                    next++;
                }
                ByteBuffer record = ByteBuffer.allocate(feature.getValue().length());
                long from = feature.getValue().offset();
                while (record.hasRemaining() && spool.read(record, from + record.position()) >= 0) {
                    // A read may stop short.
                }
                out.write(record.array());
                offset += record.capacity();
            }
        }
        offsets.add(offset);
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
