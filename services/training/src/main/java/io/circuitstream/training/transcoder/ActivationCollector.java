package io.circuitstream.training.transcoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.circuitstream.circuits.files.ContentHash;
import io.circuitstream.circuits.model.Forward;
import io.circuitstream.circuits.model.ForwardPass;
import io.circuitstream.circuits.model.LanguageModel;
import io.circuitstream.circuits.model.Tensors;
import io.circuitstream.circuits.transcoder.InputSite;
import io.circuitstream.training.documents.Document;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Runs a model over documents and keeps both MLP sites of every token but BOS, whose huge activations say nothing about the
 * text. Documents are run two at a time and kept in their order. Single use.
 */
final class ActivationCollector {
    private static final int DOCUMENTS_AT_ONCE = 64;
    /** Step of the finite difference that yields J v, in units of the site's root mean square. */
    private static final float DIFFERENCE = 1e-2f;

    private final LanguageModel model;
    private final InputSite site;
    private final boolean withJacobians;
    private final int wanted;
    private final int layers;
    /** By layer and token. */
    private final float[][][] inputs;

    private final float[][][] outputs;
    private final float[][][] jacobians;
    private final MessageDigest digest = ContentHash.sha256();
    private int collected;

    /** A document whose unmasked tokens will be rows {@code first} and on. */
    private record Run(int[] tokens, int masked, int first) {}

    /** One document's rows by layer and token. */
    private record Sites(float[][][] inputs, float[][][] outputs, float[][][] jacobians) {}

    ActivationCollector(LanguageModel model, InputSite site, int tokens, boolean withJacobians) {
        this.model = model;
        this.site = site;
        this.wanted = tokens;
        this.withJacobians = withJacobians;
        if (withJacobians && site != InputSite.MLP_IN) {
            throw new IllegalArgumentException(
                    "Jacobian matching needs the input site mlp.hook_in, not " + site.hook());
        }
        this.layers = model.config().layers();
        long bytes = (long) tokens * model.config().width() * layers * Float.BYTES * (withJacobians ? 3 : 2);
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap * 3 / 4) {
            throw new IllegalArgumentException("activations of " + tokens + " tokens need " + (bytes >> 20)
                    + " MiB, the heap has " + (heap >> 20)
                    + ": lower --tokens, or set CIRCUITSTREAM_JAVA_OPTIONS=-Xmx to more");
        }
        this.inputs = new float[layers][tokens][];
        this.outputs = new float[layers][tokens][];
        this.jacobians = new float[withJacobians ? layers : 0][tokens][];
    }

    /**
     * Normalised activations of the wanted number of tokens, or of all there are if the documents end before.
     *
     * @param progress told how many tokens there are
     */
    Activations collect(Iterator<Document> documents, IntConsumer progress) {
        while (collected < wanted && documents.hasNext()) {
            List<Run> some = new ArrayList<>();
            int first = collected;
            while (some.size() < DOCUMENTS_AT_ONCE && first < wanted && documents.hasNext()) {
                int[] tokens = documents.next().tokens();
                int masked = model.masked(tokens);
                some.add(new Run(tokens, masked, first));
                first += tokens.length - masked;
                digest(tokens);
            }
            some.parallelStream().map(this::sites).toList().forEach(this::add);
            progress.accept(collected);
        }
        return Activations.normalised(
                shortened(inputs),
                shortened(outputs),
                shortened(jacobians),
                HexFormat.of().formatHex(digest.digest()));
    }

    private void digest(int[] tokens) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Integer.BYTES * (tokens.length + 1)).putInt(tokens.length);
        bytes.asIntBuffer().put(tokens);
        digest.update(bytes.rewind());
    }

    private Sites sites(Run run) {
        int[] tokens = run.tokens();
        try (ForwardPass pass = Forward.run(model, tokens)) {
            float[][][] in = new float[layers][][];
            float[][][] out = new float[layers][][];
            float[][][] along = new float[withJacobians ? layers : 0][][];
            for (int l = 0; l < layers; l++) {
                in[l] = rows(site.in(pass, l).toFloatArray(), run.masked(), tokens.length);
                out[l] = rows(pass.mlpOut()[l].toFloatArray(), run.masked(), tokens.length);
                if (withJacobians && in[l].length > 0) {
                    along[l] = jacobians(l, in[l], run.first());
                }
            }
            return new Sites(in, out, along);
        }
    }

    /** J v of each row by a central difference, v being {@link JacobianTerm#direction}; the model's MLP is all it needs. */
    private float[][] jacobians(int layer, float[][] in, int first) {
        int width = model.config().width();
        float[] v = new float[width];
        float[] above = new float[in.length * width];
        float[] below = new float[in.length * width];
        float step = DIFFERENCE * rootMeanSquare(in);
        for (int row = 0; row < in.length; row++) {
            JacobianTerm.direction(first + row, layer, v);
            for (int i = 0; i < width; i++) {
                above[row * width + i] = in[row][i] + step * v[i];
                below[row * width + i] = in[row][i] - step * v[i];
            }
        }
        float[] up = mlp(layer, above);
        float[] down = mlp(layer, below);
        for (int i = 0; i < up.length; i++) {
            up[i] = (up[i] - down[i]) / (2 * step);
        }
        return rows(up, 0, in.length);
    }

    private float[] mlp(int layer, float[] in) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            int width = model.config().width();
            NDArray x = Tensors.of(model.manager(), in, in.length / width, width);
            return model.mlp(layer, x).toFloatArray();
        }
    }

    private static float rootMeanSquare(float[][] rows) {
        double sum = 0;
        for (float[] row : rows) {
            for (float value : row) {
                sum += (double) value * value;
            }
        }
        return (float) Math.max(1e-6, Math.sqrt(sum / rows.length / rows[0].length));
    }

    private static float[][] rows(float[] flat, int from, int to) {
        int width = flat.length / to;
        float[][] rows = new float[to - from][];
        for (int p = from; p < to; p++) {
            rows[p - from] = Arrays.copyOfRange(flat, p * width, (p + 1) * width);
        }
        return rows;
    }

    private void add(Sites sites) {
        int count = Math.min(sites.inputs[0].length, wanted - collected);
        for (int l = 0; l < layers; l++) {
            System.arraycopy(sites.inputs[l], 0, inputs[l], collected, count);
            System.arraycopy(sites.outputs[l], 0, outputs[l], collected, count);
            if (withJacobians) {
                System.arraycopy(sites.jacobians[l], 0, jacobians[l], collected, count);
            }
        }
        collected += count;
    }

    private float[][][] shortened(float[][][] sites) {
        for (int l = 0; l < sites.length; l++) {
            sites[l] = Arrays.copyOf(sites[l], collected);
        }
        return sites;
    }
}
