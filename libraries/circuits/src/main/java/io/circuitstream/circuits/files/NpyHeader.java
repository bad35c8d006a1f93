package io.circuitstream.circuits.files;

import io.circuitstream.circuits.files.TensorFile.ElementType;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The beginning of a {@code .npy} file: magic, version, the header's length, and a Python dictionary. Source: NEP 1 and
 * numpy.lib.format.
 *
 * @param length bytes before the values
 */
record NpyHeader(ElementType type, List<Long> shape, int length) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_LENGTH = 1 << 16;
    private static final Map<String, ElementType> TYPES = Map.of(
            "<f4", ElementType.F32,
            "<f2", ElementType.F16,
            "<f8", ElementType.F64,
            "<i4", ElementType.I32,
            "<i8", ElementType.I64,
            "|b1", ElementType.BOOL,
            "|u1", ElementType.U8,
            "|i1", ElementType.I8);
    private static final Pattern DICTIONARY = Pattern.compile("\\{(?:\\s*'(?:descr|fortran_order|shape)'\\s*:"
            + "\\s*(?:'[^']*'|True|False|\\([0-9, L]*\\))\\s*,?){3}\\s*}\\s*");
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9, L]*)\\)");

    /** Reads no further than the header. @throws ModelFileException naming the tensor and what is wrong */
    static NpyHeader read(Path file, String name, InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        try {
            byte[] magic = data.readNBytes(MAGIC.length);
            int version = data.readUnsignedByte();
            data.readUnsignedByte();
            if (!Arrays.equals(magic, MAGIC) || version < 1 || version > 3) {
                throw refused(file, name, "is no .npy array of version 1 to 3");
            }
            int size = version == 1
                    ? Short.toUnsignedInt(Short.reverseBytes(data.readShort()))
                    : Integer.reverseBytes(data.readInt());
            if (size < 0 || size > MAX_LENGTH) {
                throw refused(file, name, "has a header of " + Integer.toUnsignedLong(size) + " bytes: absurd");
            }
            byte[] text = new byte[size];
            data.readFully(text);
            return parse(file, name, new String(text, StandardCharsets.UTF_8), size + (version == 1 ? 10 : 12));
        } catch (EOFException e) {
            throw new ModelFileException(file, "tensor " + name + " ends within its header: truncated", e);
        }
    }

    private static NpyHeader parse(Path file, String name, String text, int length) {
        Matcher descr = DESCR.matcher(text);
        Matcher order = ORDER.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (!DICTIONARY.matcher(text).matches() || !descr.find() || !order.find() || !shape.find()) {
            throw refused(file, name, "has the header " + text.strip() + ", expected are descr, fortran_order, shape");
        }
        ElementType type = TYPES.get(descr.group(1));
        if (type == null) {
            throw refused(
                    file,
                    name,
                    "has dtype " + descr.group(1) + ", known are "
                            + TYPES.keySet().stream().sorted().toList());
        }
        if (order.group(1).equals("True")) {
            throw refused(file, name, "is in Fortran order: save it again from numpy.ascontiguousarray");
        }
        try {
            return new NpyHeader(type, dimensions(shape.group(1)), length);
        } catch (NumberFormatException e) {
            throw new ModelFileException(file, "tensor " + name + " has an absurd shape", e);
        }
    }

    /** Python 2 wrote an L behind each number. */
    private static List<Long> dimensions(String tuple) {
        return Arrays.stream(tuple.replace("L", "").split(","))
                .map(String::strip)
                .filter(d -> !d.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    private static ModelFileException refused(Path file, String name, String problem) {
        return new ModelFileException(file, "tensor " + name + " " + problem);
    }
}
