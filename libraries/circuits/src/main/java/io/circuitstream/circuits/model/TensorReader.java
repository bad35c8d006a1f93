package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.circuitstream.circuits.files.TensorFile;

/** Reads tensors of files into native memory piece by piece, so that a large one is in memory once. */
public final class TensorReader {
    /** Elements, 16 MiB. */
    private static final int PIECE = 1 << 22;

    private TensorReader() {}

    /** The tensor as it is stored. @throws io.circuitstream.circuits.files.ModelFileException unless it has the shape */
    public static NDArray read(NDManager manager, TensorFile file, String name, long... shape) {
        return read(manager, PIECE, file, name, shape);
    }

    static NDArray read(NDManager manager, int piece, TensorFile file, String name, long... shape) {
        file.requireFloats(name, shape);
        NDArray tensor = manager.create(new Shape(shape), DataType.FLOAT32);
        try (NDArray flat = tensor.reshape(-1)) {
            for (long from = 0; from < tensor.size(); from += piece) {
                long to = Math.min(tensor.size(), from + piece);
                try (NDArray part = manager.create(file.readPart(name, from, (int) (to - from)))) {
                    flat.set(new NDIndex(from + ":" + to), part);
                }
            }
        }
        return Tensors.keep(manager, tensor);
    }

    /** [columns, rows] of a matrix that is stored [rows, columns]. */
    public static NDArray readTransposed(NDManager manager, TensorFile file, String name, long rows, long columns) {
        return readTransposed(manager, PIECE, file, name, rows, columns);
    }

    static NDArray readTransposed(NDManager manager, int piece, TensorFile file, String name, long rows, long columns) {
        file.requireFloats(name, rows, columns);
        NDArray tensor = manager.create(new Shape(columns, rows), DataType.FLOAT32);
        int count = Math.toIntExact(Math.max(1, piece / columns));
        for (long from = 0; from < rows; from += count) {
            long to = Math.min(rows, from + count);
            float[] values = file.readPart(name, from * columns, Math.toIntExact((to - from) * columns));
            try (NDArray part = manager.create(values, new Shape(to - from, columns));
                    NDArray turned = part.transpose()) {
                tensor.set(new NDIndex(":," + from + ":" + to), turned);
            }
        }
        return Tensors.keep(manager, tensor);
    }
}
