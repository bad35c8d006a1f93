package io.circuitstream.standalone.bench;

import org.jspecify.annotations.Nullable;

/**
 * What the machine reached during a measurement, in operations and bytes a second.
 *
 * @param gemm of large products
 * @param gemmOwnShapes of products of the shapes that were measured, in their proportions; null when there were none
 * @param copy read and written together
 * @param threads of the tensor library
 */
public record Machine(double gemm, @Nullable Double gemmOwnShapes, double copy, int threads) {}
