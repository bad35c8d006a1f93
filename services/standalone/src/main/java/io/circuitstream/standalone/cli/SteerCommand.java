package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitstream.circuits.replacement.TraceableModel;
import io.circuitstream.events.HeldFeature;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.Status;
import io.circuitstream.events.SteeringCompleted;
import io.circuitstream.events.SteeringMode;
import io.circuitstream.events.SteeringRequested;
import io.circuitstream.standalone.steer.KafkaSteerer;
import io.circuitstream.standalone.steer.LocalSteerer;
import io.circuitstream.standalone.steer.SteeringJson;
import io.circuitstream.standalone.steer.SteeringText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "steer",
        description = "Runs a prompt clean and with features held at other values, and shows both answers.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SteerCommand implements Callable<Integer> {
    @Parameters(paramLabel = "PROMPT", description = "the prompt's text")
    String text = "";

    @Option(
            names = "--feature",
            paramLabel = "L/F[@POS]=M",
            converter = HeldFeatureConverter.Factor.class,
            description =
                    "hold a feature at M times its activation, 0 ablates; at a position (BOS is 0), a range such as"
                            + " 3-5 with both ends, or everywhere (repeatable)")
    List<HeldFeature> factors = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "L/F[@POS]=A",
            converter = HeldFeatureConverter.Activation.class,
            description = "hold a feature at an activation, where it is not active too (repeatable)")
    List<HeldFeature> activations = new ArrayList<>();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "what recomputes: direct, constrained, iterative, model (default: ${DEFAULT-VALUE})")
    String mode = "model";

    @Option(names = "--own-layer", description = "change the features' own layers only, not every layer they write to")
    boolean ownLayer;

    @Option(names = "--freeze-attention", description = "attention patterns are the clean ones")
    boolean freezeAttention;

    @Option(
            names = "--layers",
            paramLabel = "FIRST-LAST",
            description = "constrained: layers whose MLP outputs are held (default: all)")
    @Nullable
    String layers;

    @Option(names = "--top", paramLabel = "N", description = "next tokens to show (default: ${DEFAULT-VALUE})")
    int top = 5;

    @Option(
            names = "--new-tokens",
            paramLabel = "N",
            description = "tokens to go on with, in mode model (default: ${DEFAULT-VALUE})")
    int newTokens = 10;

    @Option(names = "--local", description = "compute in this process, without Kafka")
    boolean local;

    @Option(names = "--json", description = "print one JSON document")
    boolean json;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "longest wait for a deployment (default: ${DEFAULT-VALUE})")
    int patience = 60;

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    KafkaOptions kafka = new KafkaOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        SteeringRequested request = request();
        if (!local && model.given()) {
            throw usage("--model, --transcoder and --threads go with --local: a deployment has its own");
        }
        SteeringCompleted result = local ? steerHere(request) : steerThere(request);
        if (json) {
            JsonNode document = SteeringJson.of(result);
            System.out.println(document.toPrettyString());
        } else {
            System.out.println(SteeringText.of(result));
        }
        return result.getStatus() == Status.OK ? 0 : 1;
    }

    private SteeringCompleted steerHere(SteeringRequested request) {
        try (TraceableModel loaded = TraceableModel.load(model.model(), model.transcoder(), model.threads())) {
            return LocalSteerer.steer(loaded, model.maxTokens, request);
        }
    }

    private SteeringCompleted steerThere(SteeringRequested request) {
        try (KafkaSteerer steerer = new KafkaSteerer(kafka.settings())) {
            return steerer.steer(request, Duration.ofSeconds(patience));
        }
    }

    private SteeringRequested request() {
        List<HeldFeature> held = new ArrayList<>(factors);
        held.addAll(activations);
        if (held.isEmpty()) {
            throw usage("give a --feature or --set");
        }
        String id = "steer-" + UUID.randomUUID();
        SteeringRequested.Builder request = SteeringRequested.newBuilder()
                .setRequestId(id)
                .setPrompt(PromptSubmitted.newBuilder()
                        .setPromptId(id)
                        .setText(text)
                        .build())
                .setInterventions(held)
                .setMode(mode())
                .setOwnLayerOnly(ownLayer)
                .setFrozenAttention(freezeAttention)
                .setTopTokens(top)
                .setNewTokens(newTokens);
        if (layers != null) {
            String[] ends = layers.split("-", -1);
            try {
                request.setFirstLayer(Integer.parseInt(ends[0])).setLastLayer(Integer.parseInt(ends[ends.length - 1]));
            } catch (NumberFormatException e) {
                throw usage("--layers is " + layers + ": give FIRST-LAST, such as 0-3");
            }
        }
        return request.build();
    }

    private SteeringMode mode() {
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "direct" -> SteeringMode.DIRECT;
            case "constrained" -> SteeringMode.CONSTRAINED;
            case "iterative" -> SteeringMode.ITERATIVE;
            case "model" -> SteeringMode.MODEL;
            default -> throw usage("--mode is " + mode + ": give direct, constrained, iterative or model");
        };
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
