package io.circuitstream.circuits.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model's Jinja template for conversations. Renders as transformers does (trim_blocks, lstrip_blocks, raise_exception), with what
 * Jinjava knows of Jinja and what {@link PythonSyntax} adds of Python: not every method, and no steps of slices but −1. A template can
 * read what it is given and call harmless methods of it; it reaches no file, no class and no method that grows a text without
 * bound. Thread-safe.
 */
public final class ChatTemplate {
    private static final int MAX_CHARACTERS = 10_000_000;
    private static final int MAX_DEPTH = 50;
    /** Several times the longest template in use; work grows with its square. */
    private static final int MAX_TEMPLATE = 1 << 16;

    private static final Pattern FILTER = Pattern.compile("\\|\\s*(\\w+)");

    private final Path file;
    private final String source;
    private final String bos;
    private final String eos;
    private final Jinjava jinja = jinja();

    /**
     * A template that is not yet looked at.
     *
     * @param file where it stands, for messages
     * @param bos the text of BOS; empty when the model has none
     * @param eos likewise
     */
    public ChatTemplate(Path file, String source, String bos, String eos) {
        this.file = file;
        this.source = source;
        this.bos = bos;
        this.eos = eos;
        if (source.length() <= MAX_TEMPLATE) {
            refuseUnknownFilters();
        }
    }

    /**
     * The text of a conversation up to where the assistant's next answer begins.
     *
     * @throws ChatTemplateException when the template does not take these messages, or is none that can be rendered
     */
    public String render(List<ChatMessage> messages) {
        if (source.length() > MAX_TEMPLATE) {
            throw unusable("it has " + source.length() + " characters, at most " + MAX_TEMPLATE + " are read");
        }
        int depth = depth();
        if (depth > MAX_DEPTH) {
            throw unusable("brackets are nested " + depth + " deep, at most " + MAX_DEPTH + " are read");
        }
        Map<String, Object> values = new HashMap<>();
        values.put("messages", messages.stream().map(ChatTemplate::map).toList());
        values.put("bos_token", bos);
        values.put("eos_token", eos);
        values.put("add_generation_prompt", true);
        // Templates ask whether it is there.
        values.put("strftime_now", "function");
        RenderResult result = jinja.renderForResult(PythonSyntax.rewrite(source), values);
        if (result.hasErrors()) {
            throw refused(result.getErrors().get(0));
        }
        return result.getOutput();
    }

    /** Of brackets in brackets, for which Jinjava's time grows without bound. */
    private int depth() {
        int deepest = 0;
        int depth = 0;
        for (int i = 0; i < source.length(); i++) {
            switch (source.charAt(i)) {
                case '(', '[', '{' -> depth++;
                case ')', ']', '}' -> depth = Math.max(0, depth - 1);
                default -> {
                    // Text.
                }
            }
            deepest = Math.max(deepest, depth);
        }
        return deepest;
    }

    /** Jinjava passes over filters that it does not know, and the text would be another than the model was trained on. */
    private void refuseUnknownFilters() {
        Context context = jinja.getGlobalContext();
        PythonSyntax.BLOCK
                .matcher(source)
                .results()
                .flatMap(block -> FILTER.matcher(
                                PythonSyntax.STRING.matcher(block.group()).replaceAll("''"))
                        .results())
                .map(filter -> filter.group(1))
                .filter(name -> context.getFilter(name) == null)
                .forEach(name -> context.registerFilter(new UnknownFilter(name)));
    }

    private static Map<String, Object> map(ChatMessage message) {
        return Map.of("role", message.role(), "content", message.content());
    }

    private ChatTemplateException refused(TemplateError error) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownFilter.Used) {
                return unusable(String.valueOf(cause.getMessage()));
            }
            if (cause instanceof TemplateFunctions.Raised) {
                return new ChatTemplateException(
                        "the model's chat template refuses these messages: " + cause.getMessage());
            }
        }
        return unusable("line " + error.getLineno() + ": " + error.getMessage());
    }

    private ChatTemplateException unusable(String why) {
        return new ChatTemplateException("the chat template " + file + " cannot be rendered (" + why
                + "): give the prompt as text, in the model's own format");
    }

    private static Jinjava jinja() {
        LegacyOverrides asPython = LegacyOverrides.newBuilder()
                .withEvaluateMapKeys(true)
                .withIterateOverMapKeys(true)
                .withUseNaturalOperatorPrecedence(true)
                .withParseWhitespaceControlStrictly(true)
                .withAllowAdjacentTextNodes(true)
                .withUseTrimmingForNotesAndExpressions(true)
                .withKeepNullableLoopValues(true)
                .build();
        JinjavaConfig config = JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withLegacyOverrides(asPython)
                // Else a message could contain a template.
                .withNestedInterpretationEnabled(false)
                .withMaxOutputSize(MAX_CHARACTERS)
                .withMaxStringLength(MAX_CHARACTERS)
                .withDisabled(Map.of(
                        Library.TAG, Set.of("include", "import", "from", "extends"),
                        Library.FILTER, Set.of("ipaddr", "ipv4", "ipv6")))
                .withRestrictedMethods(Set.of(
                        "format", "formatted", "indent", "join", "matches", "repeat", "replaceAll", "replaceFirst"))
                .build();
        Jinjava jinja = new Jinjava(config);
        jinja.getGlobalContext().registerFilter(new PythonTrim());
        PythonFunctions.register(jinja.getGlobalContext());
        jinja.getGlobalContext()
                .registerFunction(new ELFunctionDefinition(
                        "", "raise_exception", TemplateFunctions.class, "raise", String.class));
        jinja.getGlobalContext()
                .registerFunction(
                        new ELFunctionDefinition("", "strftime_now", TemplateFunctions.class, "now", String.class));
        return jinja;
    }
}
