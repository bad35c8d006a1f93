package io.circuitstream.circuits.truth;

import io.circuitstream.circuits.files.SafetensorsWriter;

/** A row-major matrix that is filled by rows and columns. */
record Matrix(int rows, int columns, float[] values) {

    Matrix(int rows, int columns) {
        this(rows, columns, new float[rows * columns]);
    }

    void addRow(int row, double scale, double[] v) {
        for (int j = 0; j < columns; j++) {
            values[row * columns + j] += (float) (scale * v[j]);
        }
    }

    void addColumn(int column, double scale, double[] v) {
        for (int i = 0; i < rows; i++) {
            values[i * columns + column] += (float) (scale * v[i]);
        }
    }

    void to(SafetensorsWriter writer, String name) {
        writer.tensor(name, values, rows, columns);
    }
}
