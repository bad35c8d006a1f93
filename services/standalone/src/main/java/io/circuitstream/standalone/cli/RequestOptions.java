package io.circuitstream.standalone.cli;

import io.circuitstream.events.AttributionSettings;
import io.circuitstream.events.ChatMessage;
import io.circuitstream.events.PromptSubmitted;
import io.circuitstream.events.ValidationSettings;
import java.util.List;
import java.util.UUID;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How prompts given on the command line are to be traced. */
final class RequestOptions {
    @Mixin
    TargetOptions targets = new TargetOptions();

    @Mixin
    ExpansionOptions expansion = new ExpansionOptions();

    @Option(names = "--max-logits", paramLabel = "N", description = "most targets (default: ${DEFAULT-VALUE})")
    int maxLogits = 10;

    @Option(
            names = "--logit-probability",
            paramLabel = "P",
            description = "targets until their probabilities sum to this (default: ${DEFAULT-VALUE})")
    double logitProbability = 0.95;

    @Mixin
    SizeOptions size = new SizeOptions();

    @Option(
            names = "--row-drop",
            paramLabel = "S",
            description =
                    "share of a row that its smallest entries may hold and not be stored (default: ${DEFAULT-VALUE})")
    double rowDrop = 0.001;

    @Option(names = "--no-validate", description = "do not test the circuit by interventions")
    boolean noValidate;

    /** A request with an id of its own. */
    PromptSubmitted.Builder request(String text) {
        return request().setText(text);
    }

    /** A conversation of one message, with an id of its own. */
    PromptSubmitted.Builder chat(String message) {
        return request().setMessages(List.of(new ChatMessage("user", message)));
    }

    private PromptSubmitted.Builder request() {
        ValidationSettings validation =
                ValidationSettings.newBuilder().setEnabled(!noValidate).build();
        return PromptSubmitted.newBuilder()
                .setPromptId("trace-" + UUID.randomUUID())
                .setAttribution(expansion
                        .addTo(targets.addTo(AttributionSettings.newBuilder()))
                        .setMaxLogits(maxLogits)
                        .setLogitProbability(logitProbability)
                        .setRowDrop(rowDrop)
                        .build())
                .setPruning(size.settings())
                .setValidation(validation);
    }
}
