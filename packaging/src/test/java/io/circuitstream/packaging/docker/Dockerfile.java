package io.circuitstream.packaging.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Dockerfile as its stages, variables filled in as BuildKit does: those of an {@code ARG} or {@code ENV} before the place, an {@code ARG}
 * before the first {@code FROM} only in {@code FROM}. RUN keeps its variables for the shell.
 */
record Dockerfile(List<Stage> stages) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::\\+((?:[^{}]|\\{[^}]*})*))?}");

    /** One stage. */
    record Stage(String name, String base, List<Step> steps) {
        /** The arguments of the last step of this kind. */
        String last(String instruction) {
            return steps.stream()
                    .filter(step -> step.instruction().equals(instruction))
                    .reduce((first, second) -> second)
                    .orElseThrow(() -> new AssertionError(name + " has no " + instruction))
                    .arguments();
        }
    }

    /** @param variables the arguments of the build that are known here, for RUN's shell */
    record Step(String instruction, String arguments, Map<String, String> variables) {}

    static Dockerfile read(Path file, Map<String, String> buildArguments) throws IOException {
        List<Stage> stages = new ArrayList<>();
        Map<String, String> global = new LinkedHashMap<>();
        Map<String, String> local = new LinkedHashMap<>();
        for (String line : lines(file)) {
            String[] parts = line.split("\\s+", 2);
            String instruction = parts[0];
            Map<String, String> scope = stages.isEmpty() || instruction.equals("FROM") ? global : local;
            String arguments = instruction.equals("RUN") ? parts[1] : filled(parts[1], scope::get);
            if (instruction.equals("ARG")) {
                String[] variable = arguments.split("=", 2);
                String standard = variable.length == 2 ? variable[1] : "";
                scope.put(variable[0], buildArguments.getOrDefault(variable[0], standard));
            } else if (instruction.equals("FROM")) {
                String[] names = arguments.split("\\s+(?i:AS)\\s+", 2);
                stages.add(new Stage(names[1], names[0], new ArrayList<>()));
                local = new LinkedHashMap<>();
            } else {
                stages.get(stages.size() - 1).steps().add(new Step(instruction, arguments, Map.copyOf(local)));
            }
        }
        return new Dockerfile(stages);
    }

    Stage stage(String name) {
        return stages.stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no stage " + name));
    }

    /** Without comments, continued lines joined. */
    private static List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            boolean continued = line.endsWith("\\");
            open.append(continued ? line.substring(0, line.length() - 1) : line);
            if (!continued) {
                lines.add(open.toString());
                open.setLength(0);
            }
        }
        return lines;
    }

    private static String filled(String text, Function<String, String> variables) {
        return VARIABLE.matcher(text).replaceAll(match -> {
            String value = variables.apply(match.group(1));
            if (value == null) {
                throw new AssertionError("${" + match.group(1) + "} is not known at: " + text);
            }
            String alternative = match.group(2);
            String replacement = alternative == null ? value : value.isEmpty() ? "" : filled(alternative, variables);
            return Matcher.quoteReplacement(replacement);
        });
    }
}
