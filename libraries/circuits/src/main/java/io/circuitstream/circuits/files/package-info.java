/** Reading and writing the files that other tools use: safetensors, Neuronpedia graph JSON, saved graphs. */
@NullMarked
package io.circuitstream.circuits.files;

import org.jspecify.annotations.NullMarked;
