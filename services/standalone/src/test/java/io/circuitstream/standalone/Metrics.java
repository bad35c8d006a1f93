package io.circuitstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What services answer at {@code /metrics}, and what {@code docs/metrics.md} says of it. */
final class Metrics {
    private static final Path PAGE = Path.of("../../docs/metrics.md");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_0-9]+)(?:\\{([^}]*)})? .*");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"");
    private static final Pattern OF_MICROMETER = Pattern.compile("(jvm|process|system)_.*");
    /** Tags of histograms. */
    private static final Set<String> IMPLIED = Set.of("le", "quantile");

    /** Consumers' series are looked for again after a minute: from then on these are told by topic and partition, and the lag of each. */
    private static final String OF_CONSUMERS = "kafka_consumer_fetch_manager_";

    private static final Set<String> AFTER_A_MINUTE = Set.of("topic", "partition");
    private static final String LAG_AFTER_A_MINUTE = OF_CONSUMERS + "records_lag";

    private final Map<String, Set<String>> families = new TreeMap<>();

    /** Adds an answer in Prometheus' text format. */
    void add(String text) {
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Set<String> labels = families.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2))
                        .results()
                        .map(found -> found.group(1))
                        .forEach(labels::add);
            }
            labels.removeAll(IMPLIED);
            if (sample.group(1).startsWith(OF_CONSUMERS)) {
                labels.removeAll(AFTER_A_MINUTE);
            }
        });
    }

    void areThoseOfTheDocumentation() throws IOException {
        Map<String, Set<String>> documented = documented();
        Map<String, Set<String>> ours = new TreeMap<>(families);
        ours.remove(LAG_AFTER_A_MINUTE);
        ours.keySet().removeIf(name -> OF_MICROMETER.matcher(name).matches() && !documented.containsKey(name));
        assertThat(ours).isEqualTo(documented);
    }

    /** Names of all series with their labels. */
    private static Map<String, Set<String>> documented() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `")).forEach(line -> {
            String[] cells = line.split("\\|", -1);
            Set<String> labels =
                    new TreeSet<>(Set.of(cells[2].replace("`", "").trim().split("[, ]+", -1)));
            labels.remove("");
            for (String name : cells[1].replace("`", "").trim().split("[, ]+", -1)) {
                documented.put(name, labels);
            }
        });
        return documented;
    }
}
