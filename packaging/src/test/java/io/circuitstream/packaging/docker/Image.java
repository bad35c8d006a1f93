package io.circuitstream.packaging.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A folder that has what a stage adds to its base, and how an engine would run it.
 *
 * @param root stands for {@code /}
 */
record Image(Path root, Dockerfile.Stage configuration) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern VARIABLE = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    List<String> entryPoint() throws JsonProcessingException {
        return words(configuration.last("ENTRYPOINT"));
    }

    List<String> healthcheck() throws JsonProcessingException {
        String arguments = configuration.last("HEALTHCHECK");
        return words(arguments.substring(arguments.indexOf("CMD ") + "CMD ".length()));
    }

    private static List<String> words(String json) throws JsonProcessingException {
        return List.of(JSON.readValue(json, String[].class));
    }

    String user() {
        return configuration.last("USER");
    }

    /** As it stands in the Dockerfile. */
    Map<String, String> environment() {
        return variables("ENV");
    }

    Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        Pattern.compile("([\\w.]+)=\"([^\"]*)\"")
                .matcher(configuration.last("LABEL"))
                .results()
                .forEach(match -> labels.put(match.group(1), match.group(2)));
        return labels;
    }

    private Map<String, String> variables(String instruction) {
        Map<String, String> variables = new LinkedHashMap<>();
        VARIABLE.matcher(configuration.last(instruction))
                .results()
                .forEach(match -> variables.put(match.group(1), match.group(2)));
        return variables;
    }

    /** Where a path of the image is here. */
    Path at(String path) {
        return Path.of(root + path);
    }

    /**
     * A command as the engine would start it: the image's user when this is root, working folder and environment, in which paths
     * of the image are paths below {@link #root}; {@code more} wins.
     */
    Process start(List<String> command, Map<String, String> more, Path output) throws IOException {
        List<String> line = new ArrayList<>();
        if (isRoot()) {
            String[] ids = user().split(":", 2);
            line.addAll(List.of(
                    "setpriv", "--reuid=" + ids[0], "--regid=" + ids[1], "--clear-groups", "--no-new-privs", "--"));
        }
        line.add(command.get(0).equals("java") ? java() : here(command.get(0)));
        line.addAll(command.subList(1, command.size()));
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(at(configuration.last("WORKDIR")).toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        environment().forEach((name, value) -> builder.environment().put(name, here(value)));
        builder.environment().putAll(more);
        return builder.start();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private String here(String value) {
        return value.startsWith("/") && Files.exists(at(value)) ? at(value).toString() : value;
    }
}
