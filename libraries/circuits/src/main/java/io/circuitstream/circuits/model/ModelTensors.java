package io.circuitstream.circuits.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.circuitstream.circuits.files.ModelFileException;
import io.circuitstream.circuits.model.Architecture.Names;
import io.circuitstream.circuits.model.Architecture.QueryKeyValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of one model: where a family's files keep them, with which shapes, and how they become a layer's parts. Names
 * and shapes are checked before anything is allocated: the last tensor of the last layer is as likely to be wrong as the first.
 */
final class ModelTensors {
    private final Weights weights;
    private final ModelConfig config;
    private final Architecture architecture;
    private final Names names;
    private final String prefix;
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    private ModelTensors(Weights weights, ModelConfig config, Architecture architecture, String prefix) {
        this.weights = weights;
        this.config = config;
        this.architecture = architecture;
        this.names = architecture.names();
        this.prefix = prefix;
        list();
    }

    /** @throws ModelFileException naming the tensor that is missing or of another shape */
    static ModelTensors open(Path folder, ModelConfig config) {
        Architecture architecture = Architecture.of(config.modelType()).orElseThrow();
        Weights weights = Weights.open(folder);
        String embedding = architecture.names().embedding() + ".weight";
        String prefix = architecture.prefixes().stream()
                .filter(p -> weights.has(p + embedding))
                .findFirst()
                .orElse(architecture.prefixes().get(0));
        ModelTensors tensors = new ModelTensors(weights, config, architecture, prefix);
        tensors.shapes.forEach(weights::require);
        String beyond = tensors.inLayer(config.layers(), architecture.names().attentionNorm()) + ".weight";
        if (weights.has(beyond)) {
            throw new ModelFileException(
                    folder.resolve("config.json"),
                    "says " + config.layers()
                            + " layers, the weights have more: config and weights do not belong together");
        }
        return tensors;
    }

    /** Number of weights; tied embeddings count once. */
    long parameters() {
        return shapes.values().stream()
                .mapToLong(shape -> {
                    long size = 1;
                    for (long n : shape) {
                        size *= n;
                    }
                    return size;
                })
                .sum();
    }

    private void list() {
        int d = config.width();
        long q = (long) config.heads() * config.headWidth();
        long kv = (long) config.kvHeads() * config.headWidth();
        shapes.put(prefix + names.embedding() + ".weight", new long[] {config.vocabulary(), d});
        if (names.positions() != null) {
            shapes.put(prefix + names.positions() + ".weight", new long[] {config.maxPositions(), d});
        }
        for (int l = 0; l < config.layers(); l++) {
            norm(inLayer(l, names.attentionNorm()), d);
            if (architecture.queryKeyValue() == QueryKeyValue.SEPARATE) {
                projection(inLayer(l, names.query()), q, d, config.attentionBias());
                projection(inLayer(l, names.key()), kv, d, config.attentionBias());
                projection(inLayer(l, names.value()), kv, d, config.attentionBias());
            } else {
                projection(inLayer(l, names.query()), q + 2 * kv, d, config.attentionBias());
            }
            projection(inLayer(l, names.output()), d, q, config.outputBias());
            if (architecture.queryKeyNorm()) {
                norm(inLayer(l, "self_attn.q_norm"), config.headWidth());
                norm(inLayer(l, "self_attn.k_norm"), config.headWidth());
            }
            if (names.attentionPostNorm() != null) {
                norm(inLayer(l, names.attentionPostNorm()), d);
            }
            norm(inLayer(l, names.mlpNorm()), d);
            if (names.gate() != null) {
                projection(inLayer(l, names.gate()), config.hidden(), d, config.mlpBias());
            }
            projection(inLayer(l, names.up()), config.hidden(), d, config.mlpBias());
            projection(inLayer(l, names.down()), d, config.hidden(), config.mlpBias());
            if (names.mlpPostNorm() != null) {
                norm(inLayer(l, names.mlpPostNorm()), d);
            }
        }
        norm(prefix + names.finalNorm(), d);
        if (!config.tiedEmbeddings()) {
            shapes.put(names.unembedding() + ".weight", new long[] {config.vocabulary(), d});
        }
    }

    private void norm(String name, long width) {
        shapes.put(name + ".weight", new long[] {width});
        if (architecture.norm() == Norm.Kind.LAYER) {
            shapes.put(name + ".bias", new long[] {width});
        }
    }

    private void projection(String name, long out, long in, boolean bias) {
        shapes.put(name + ".weight", storedInOut() ? new long[] {in, out} : new long[] {out, in});
        if (bias) {
            shapes.put(name + ".bias", new long[] {out});
        }
    }

    private boolean storedInOut() {
        return architecture.queryKeyValue() == QueryKeyValue.JOINED_IN_OUT;
    }

    private String inLayer(int layer, String name) {
        return prefix + names.layer().formatted(layer) + name;
    }

    /** [V,d], as it is added to the stream. */
    NDArray embedding(NDManager manager) {
        return read(manager, prefix + names.embedding() + ".weight");
    }

    /** [V,d]; only where it is a tensor of its own. */
    NDArray unembedding(NDManager manager) {
        return read(manager, names.unembedding() + ".weight");
    }

    /** [P,d] of learned positions, null for rotary ones. */
    @Nullable
    NDArray positions(NDManager manager) {
        return names.positions() == null ? null : read(manager, prefix + names.positions() + ".weight");
    }

    Norm finalNorm(NDManager manager) {
        return readNorm(manager, prefix + names.finalNorm(), architecture.norm());
    }

    Layer layer(NDManager manager, int l) {
        return new Layer(
                readNorm(manager, inLayer(l, names.attentionNorm()), architecture.norm()),
                attention(manager, l),
                names.attentionPostNorm() == null
                        ? null
                        : readNorm(manager, inLayer(l, names.attentionPostNorm()), architecture.norm()),
                readNorm(manager, inLayer(l, names.mlpNorm()), architecture.norm()),
                new Mlp(
                        names.gate() == null ? null : readProjection(manager, inLayer(l, names.gate())),
                        readProjection(manager, inLayer(l, names.up())),
                        readProjection(manager, inLayer(l, names.down())),
                        config.activation()),
                names.mlpPostNorm() == null
                        ? null
                        : readNorm(manager, inLayer(l, names.mlpPostNorm()), architecture.norm()));
    }

    private Attention attention(NDManager manager, int l) {
        List<Projection> queryKeyValue = queryKeyValue(manager, l);
        List<Rotary> rotary = config.rotary();
        return new Attention(
                queryKeyValue.get(0),
                queryKeyValue.get(1),
                queryKeyValue.get(2),
                readProjection(manager, inLayer(l, names.output())),
                headNorm(manager, inLayer(l, "self_attn.q_norm")),
                headNorm(manager, inLayer(l, "self_attn.k_norm")),
                config.heads(),
                config.kvHeads(),
                config.headWidth(),
                config.attentionScale(),
                config.attentionSoftCap(),
                config.windows().get(l),
                rotary == null ? null : rotary.get(l));
    }

    private List<Projection> queryKeyValue(NDManager manager, int l) {
        if (architecture.queryKeyValue() == QueryKeyValue.SEPARATE) {
            return List.of(
                    readProjection(manager, inLayer(l, names.query())),
                    readProjection(manager, inLayer(l, names.key())),
                    readProjection(manager, inLayer(l, names.value())));
        }
        Projection joined = readProjection(manager, inLayer(l, names.query()));
        List<Projection> parts = List.of(part(manager, joined, 0), part(manager, joined, 1), part(manager, joined, 2));
        joined.weight().close();
        if (joined.bias() != null) {
            joined.bias().close();
        }
        return parts;
    }

    /** Queries, keys or values of a joined projection; families that join them have no grouped heads. */
    private Projection part(NDManager manager, Projection joined, int part) {
        NDArray bias = joined.bias();
        return new Projection(part(manager, joined.weight(), part), bias == null ? null : part(manager, bias, part));
    }

    private NDArray part(NDManager manager, NDArray joined, int part) {
        long heads = config.heads();
        long width = config.headWidth();
        long rest = joined.size() / (3 * heads * width);
        NDArray parts = architecture.queryKeyValue() == QueryKeyValue.JOINED_BY_HEAD
                ? joined.reshape(heads, 3, width, rest).get(new NDIndex(":," + part))
                : joined.reshape(3, heads, width, rest).get(part);
        NDArray own = joined.getShape().dimension() == 1
                ? parts.reshape(heads * width).duplicate()
                : parts.reshape(heads * width, rest).duplicate();
        return Tensors.keep(manager, own);
    }

    private @Nullable Norm headNorm(NDManager manager, String name) {
        return architecture.queryKeyNorm() ? readNorm(manager, name, architecture.norm()) : null;
    }

    private Norm readNorm(NDManager manager, String name, Norm.Kind kind) {
        NDArray stored = read(manager, name + ".weight");
        NDArray gain = architecture.gainIsOffset() ? Tensors.keep(manager, stored.add(1)) : stored;
        return new Norm(
                kind,
                gain,
                shapes.containsKey(name + ".bias") ? read(manager, name + ".bias") : null,
                config.normEpsilon());
    }

    private Projection readProjection(NDManager manager, String name) {
        NDArray stored = read(manager, name + ".weight");
        NDArray weight = stored;
        if (storedInOut()) {
            weight = Tensors.keep(manager, stored.transpose().duplicate());
            stored.close();
        }
        return new Projection(weight, shapes.containsKey(name + ".bias") ? read(manager, name + ".bias") : null);
    }

    private NDArray read(NDManager manager, String name) {
        long[] shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalStateException("tensor " + name + " was not checked");
        }
        return weights.read(manager, name, shape);
    }
}
