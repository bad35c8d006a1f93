package io.circuitstream.circuits.files;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;

/**
 * NumPy's {@code .npz}: a zip of {@code .npy} arrays. Arrays that {@code numpy.savez} stored are read at their place in
 * the file, as of safetensors; arrays that {@code numpy.savez_compressed} deflated are unpacked whole and kept while
 * there is memory, up to {@link #MAX_UNPACKED} bytes each. The zip's check sums are not looked at. Thread-safe.
 */
public final class Npz extends TensorFile {
    private static final String ENDING = ".npy";

    /** Bytes that a deflated array may have. */
    static final long MAX_UNPACKED = 256L << 20;

    private final Map<String, String> deflated;
    private final Map<String, SoftReference<byte[]>> unpacked = new ConcurrentHashMap<>();

    /** @param deflated the zip's entry names of the tensors that are not stored */
    private Npz(Path file, Map<String, Entry> entries, Map<String, String> deflated) {
        super(file, entries);
        this.deflated = deflated;
    }

    /** Reads and checks the zip's directory and the arrays' headers. @throws ModelFileException naming what is wrong */
    public static Npz open(Path file) {
        try (ZipFile zip = zip(file)) {
            Map<String, Entry> entries = new LinkedHashMap<>();
            Map<String, Entry> places = new LinkedHashMap<>();
            Map<String, String> deflated = new LinkedHashMap<>();
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (!entry.getName().endsWith(ENDING)) {
                    continue;
                }
                String name = entry.getName().substring(0, entry.getName().length() - ENDING.length());
                Entry place = place(file, name, entry);
                if (places.put(name, place) != null) {
                    throw refused(file, name, "is there twice");
                }
                if (!isStored(entry)) {
                    deflated.put(name, entry.getName());
                }
                entries.put(name, tensor(file, name, zip, entry, isStored(entry) ? place.begin() : 0));
            }
            refuseOverlaps(file, places);
            return new Npz(file, entries, deflated);
        } catch (NoSuchFileException e) {
            throw new ModelFileException(file, "no such file", e);
        } catch (IOException e) {
            String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new ModelFileException(file, "is no .npz that can be read, or truncated: " + reason, e);
        }
    }

    private static ZipFile zip(Path file) throws IOException {
        try {
            return ZipFile.builder().setPath(file).get();
        } catch (IllegalArgumentException e) {
            // Of the library, for a directory that lies.
            throw new IOException(e.getMessage(), e);
        }
    }

    private static boolean isStored(ZipArchiveEntry entry) {
        return entry.getMethod() == ZipMethod.STORED.getCode();
    }

    /** The tensor whose header is at byte {@code begin}. */
    private static Entry tensor(Path file, String name, ZipFile zip, ZipArchiveEntry entry, long begin)
            throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            NpyHeader header = NpyHeader.read(file, name, in);
            long bytes = header.shape().stream().reduce((long) header.type().bytes, Math::multiplyExact);
            long length = entry.getSize() - header.length();
            if (bytes != length) {
                throw refused(
                        file,
                        name,
                        "of shape " + header.shape() + " and type " + header.type() + " cannot be " + length
                                + " bytes long");
            }
            long values = begin + header.length();
            return new Entry(header.type(), header.shape(), values, values + bytes);
        } catch (ArithmeticException e) {
            throw new ModelFileException(file, "tensor " + name + " has an absurd shape", e);
        }
    }

    /** Where the entry's bytes are in the file; the library has refused what ends behind it. */
    private static Entry place(Path file, String name, ZipArchiveEntry entry) {
        boolean stored = isStored(entry);
        if (entry.getGeneralPurposeBit().usesEncryption()
                || (!stored && entry.getMethod() != ZipMethod.DEFLATED.getCode())) {
            throw refused(file, name, "is packed in a way that is not supported: save it with numpy.savez");
        }
        long begin = entry.getDataOffset();
        long length = entry.getCompressedSize();
        if (begin < 0 || length < 0 || (stored && length != entry.getSize())) {
            throw refused(
                    file,
                    name,
                    "has " + entry.getSize() + " bytes by the zip's directory and takes " + length + " in the file");
        }
        if (!stored && entry.getSize() > MAX_UNPACKED) {
            throw refused(
                    file,
                    name,
                    "is packed and has " + entry.getSize() + " bytes, more than the " + MAX_UNPACKED
                            + " that are unpacked: save it with numpy.savez, not savez_compressed");
        }
        return new Entry(ElementType.U8, List.of(length), begin, begin + length);
    }

    @Override
    Source source(String name) throws IOException {
        String entry = deflated.get(name);
        return entry == null ? super.source(name) : new Unpacked(ByteBuffer.wrap(unpacked(name, entry)));
    }

    private byte[] unpacked(String name, String entry) throws IOException {
        SoftReference<byte[]> kept = unpacked.get(name);
        byte[] bytes = kept == null ? null : kept.get();
        if (bytes == null) {
            int length = Math.toIntExact(entries().get(name).end());
            try (ZipFile zip = zip(file());
                    InputStream in = zip.getInputStream(zip.getEntry(entry))) {
                bytes = in.readNBytes(length);
                if (bytes.length < length || in.read() >= 0) {
                    throw refused(file(), name, "does not unpack to the " + length + " bytes that it should have");
                }
            }
            unpacked.put(name, new SoftReference<>(bytes));
        }
        return bytes;
    }

    private record Unpacked(ByteBuffer bytes) implements Source {
        @Override
        public int read(ByteBuffer to, long at) {
            int n = (int) Math.min(to.remaining(), bytes.capacity() - at);
            if (n <= 0) {
                return -1;
            }
            to.put(bytes.slice((int) at, n));
            return n;
        }

        @Override
        public void close() {}
    }

    private static ModelFileException refused(Path file, String name, String problem) {
        return new ModelFileException(file, "tensor " + name + " " + problem);
    }
}
