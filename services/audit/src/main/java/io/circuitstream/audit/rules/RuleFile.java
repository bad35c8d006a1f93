package io.circuitstream.audit.rules;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.circuitstream.audit.DriftLimits;
import io.circuitstream.audit.RuleReference;
import io.circuitstream.audit.rules.Fields.Range;
import io.circuitstream.events.RuleKind;
import io.circuitstream.events.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Reads rules as people write them, in YAML. Whatever is not exactly as described in the README is refused. */
public final class RuleFile {
    private static final String BUILT_IN = "rules.yaml";
    private static final java.util.regex.Pattern DURATION = java.util.regex.Pattern.compile("(\\d{1,6})(s|m|h)");
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RuleFile() {}

    /** The rules that apply when no file is given. */
    public static RuleSet builtIn() {
        try (InputStream in = RuleFile.class.getResourceAsStream(BUILT_IN)) {
            return parse("built-in rules", new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The rules of a file's text.
     *
     * @param file what to call it in messages
     * @throws RuleFileException at the first thing that is wrong
     */
    public static RuleSet parse(String file, String text) {
        Fields top = Fields.of(file, tree(file, text));
        List<Written> written = top.list("rules", RuleFile::rule);
        top.end();
        Set<String> names = new HashSet<>();
        for (Written rule : written) {
            if (!names.add(rule.name())) {
                throw new RuleFileException(file + ".rules: two rules are called '" + rule.name() + "'");
            }
        }
        String version =
                CanonicalForm.version(written.stream().map(Written::canonical).toList());
        return new RuleSet(
                version,
                written.stream().<NamedRule<?>>map(rule -> rule.named(version)).toList());
    }

    private static JsonNode tree(String file, String text) {
        try {
            @Nullable JsonNode tree = YAML.readTree(text);
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                throw new RuleFileException(file + " is empty; allowed: the key rules with a list of rules");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new RuleFileException(file + " is no YAML document: " + e.getOriginalMessage()
                    + (e.getLocation() == null
                            ? ""
                            : " at line " + e.getLocation().getLineNr()));
        }
    }

    private static Written rule(String path, JsonNode node) {
        Fields fields = Fields.of(path, node);
        String name = fields.text("name");
        RuleKind kind = fields.choice("kind", RuleKind.class);
        Severity severity = fields.choice("severity", Severity.class);
        Rule rule =
                switch (kind) {
                    case WATCHED_FEATURE ->
                        new Rule.WatchedFeature(scan(fields), coordinates(fields), influence(fields));
                    case WATCHED_LABEL -> new Rule.WatchedLabel(scan(fields), label(fields), influence(fields));
                    case WATCHED_SUPERNODE -> supernode(fields);
                    case LOW_TRUST -> lowTrust(fields);
                    case STEERING ->
                        new Rule.Steering(fields.optionalNumber("divergenceAbove", Range.NOT_NEGATIVE)
                                .orElse(0));
                    case MISSING_STAGE ->
                        new Rule.MissingStage(fields.choice("stage", Rule.Stage.class), duration(fields, "within"));
                    case DRIFT ->
                        new Rule.Drift(
                                fields.choice("measure", DriftLimits.Measure.class),
                                fields.number("divergence", Range.SHARE),
                                fields.number("level", Range.SHARE));
                    case UNKNOWN -> throw new IllegalStateException("not among the choices");
                };
        fields.end();
        return new Written(name, severity, rule);
    }

    private static Optional<String> scan(Fields fields) {
        Optional<String> scan = fields.optionalText("scan");
        if (scan.isPresent() && !scan.get().matches("[0-9a-f]{64}")) {
            throw fields.refused("scan", "64 hexadecimal digits, as in provenance.scan");
        }
        return scan;
    }

    private static double influence(Fields fields) {
        return fields.number("influence", Range.POSITIVE);
    }

    private static Rule.Coordinates coordinates(Fields fields) {
        return new Rule.Coordinates(fields.index("layer"), fields.index("feature"));
    }

    private static Rule supernode(Fields fields) {
        List<Rule.Coordinates> features = fields.list("features", (path, node) -> {
            Fields feature = Fields.of(path, node);
            Rule.Coordinates coordinates = coordinates(feature);
            feature.end();
            return coordinates;
        });
        if (new HashSet<>(features).size() < features.size()) {
            throw fields.refused("features", "each feature once");
        }
        return new Rule.WatchedSupernode(scan(fields), features, influence(fields));
    }

    private static Pattern label(Fields fields) {
        String text = fields.text("label");
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw fields.refused("label", "a regular expression of RE2 (" + e.getDescription() + ")");
        }
    }

    private static Rule lowTrust(Fields fields) {
        OptionalDouble completeness = fields.optionalNumber("completenessBelow", Range.SHARE);
        boolean replacement = fields.flag("replacementDisagrees");
        OptionalDouble refuted = fields.optionalNumber("refutedShareAbove", Range.SHARE);
        OptionalDouble confirmed = fields.optionalNumber("confirmedShareBelow", Range.SHARE);
        if (completeness.isEmpty() && !replacement && refuted.isEmpty() && confirmed.isEmpty()) {
            throw fields.wrong("give at least one of completenessBelow, replacementDisagrees: true, refutedShareAbove,"
                    + " confirmedShareBelow");
        }
        return new Rule.LowTrust(completeness, replacement, refuted, confirmed);
    }

    private static Duration duration(Fields fields, String key) {
        Matcher matcher = DURATION.matcher(fields.text(key));
        Duration duration = Duration.ZERO;
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            duration = switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
        if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw fields.refused(key, "a duration from 1s to 24h, with unit s, m or h");
        }
        return duration;
    }

    private record Written(String name, Severity severity, Rule rule) {
        String canonical() {
            return CanonicalForm.of(name, severity, rule);
        }

        NamedRule<?> named(String rulesVersion) {
            String version = CanonicalForm.version(List.of(canonical()));
            return new NamedRule<>(new RuleReference(name, rule.kind(), version, rulesVersion, severity), rule);
        }
    }
}
