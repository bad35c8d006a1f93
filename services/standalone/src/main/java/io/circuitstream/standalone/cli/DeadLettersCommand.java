package io.circuitstream.standalone.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitstream.events.Topics;
import io.circuitstream.platform.deadletters.DeadLetter;
import io.circuitstream.platform.deadletters.DeadLetters;
import io.circuitstream.platform.deadletters.Replay;
import io.circuitstream.platform.settings.CommonSettings;
import io.circuitstream.platform.settings.Settings;
import io.circuitstream.platform.stream.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The records that services could not process. */
@Command(
        name = "dead-letters",
        description = "Lists, shows and sends again the records that services could not process.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {
            DeadLettersCommand.ListCommand.class,
            DeadLettersCommand.ShowCommand.class,
            DeadLettersCommand.ReplayCommand.class
        })
final class DeadLettersCommand implements Callable<Integer> {
    private static final int PREVIEW_BYTES = 256;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "list, show or replay?");
    }

    /** What the three have in common. */
    private abstract static class Operation implements Callable<Integer> {
        @Option(names = "--json", description = "print one JSON document and nothing else")
        boolean json;

        @Mixin
        KafkaOptions kafka = new KafkaOptions();

        @Spec
        @Nullable
        CommandSpec spec;

        abstract int run(Settings settings) throws IOException;

        @Override
        public Integer call() throws IOException {
            Settings settings = kafka.settings();
            try {
                return run(settings);
            } catch (KafkaException e) {
                throw new StartupException(
                        "the dead letters at " + settings.get(CommonSettings.BOOTSTRAP_SERVERS)
                                + " cannot be read or sent: " + e.getMessage(),
                        e);
            }
        }

        List<String> services(List<String> named) {
            for (String service : named) {
                if (!Topics.STAGES.contains(service)) {
                    throw new ParameterException(
                            spec.commandLine(),
                            "'" + service + "' is no service with dead letters, which are "
                                    + String.join(", ", Topics.STAGES));
                }
            }
            return named.isEmpty() ? Topics.STAGES : named;
        }

        DeadLetter at(DeadLetters letters, String service, String place) {
            if (!place.matches("\\d{1,9}:\\d{1,18}")) {
                throw new ParameterException(
                        spec.commandLine(), "'" + place + "' is not PARTITION:OFFSET, for example 0:12");
            }
            String[] parts = place.split(":", 2);
            return letters.at(service, Integer.parseInt(parts[0]), Long.parseLong(parts[1]))
                    .orElseThrow(() -> new StartupException(
                            service + " has no dead letter at " + place + ": see `dead-letters list`"));
        }
    }

    /** Exit 0, also when there are none. */
    @Command(
            name = "list",
            description = "Lists the newest dead letters of all services or some.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class ListCommand extends Operation {
        @Parameters(arity = "0..*", paramLabel = "SERVICE", description = "inference, attribution, …; default: all")
        List<String> services = new ArrayList<>();

        @Option(names = "--limit", paramLabel = "N", description = "at most so many of each service, default: 20")
        int limit = 20;

        @Override
        int run(Settings settings) {
            if (limit < 1) {
                throw new ParameterException(spec.commandLine(), "--limit is at least 1");
            }
            DeadLetters reader = new DeadLetters(settings);
            List<DeadLetter> letters = new ArrayList<>();
            services(services).forEach(service -> letters.addAll(reader.newest(service, limit)));
            if (json) {
                ArrayNode array = new ObjectMapper().createArrayNode();
                letters.forEach(letter -> array.add(DeadLettersCommand.json(letter)));
                System.out.println(array.toPrettyString());
                return 0;
            }
            if (letters.isEmpty()) {
                System.out.println("no dead letters");
            }
            for (DeadLetter letter : letters) {
                System.out.printf(
                        "%s %s  %s  key %s, %,d bytes from %s@%d%s%n    %s%n",
                        letter.service(),
                        letter.place(),
                        Instant.ofEpochMilli(letter.at()),
                        letter.keyText(),
                        letter.bytes(),
                        letter.origin(),
                        letter.originOffset(),
                        letter.replays() == 0 ? "" : ", sent again " + letter.replays() + " times",
                        why(letter));
            }
            return 0;
        }
    }

    /** Exit 0 when it exists. */
    @Command(
            name = "show",
            description = "Shows one dead letter with its reason and the first bytes of its value.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class ShowCommand extends Operation {
        @Parameters(index = "0", paramLabel = "SERVICE", description = "whose")
        String service = "";

        @Parameters(index = "1", paramLabel = "PARTITION:OFFSET", description = "which, as list names it")
        String place = "";

        @Option(names = "--value", paramLabel = "FILE", description = "write the original value, byte for byte")
        @Nullable
        Path file;

        @Override
        int run(Settings settings) throws IOException {
            services(List.of(service));
            DeadLetter letter = at(new DeadLetters(settings), service, place);
            byte[] value = letter.value() == null ? new byte[0] : letter.value();
            if (file != null) {
                Files.write(file, value);
            }
            String preview = HexFormat.of().formatHex(Arrays.copyOf(value, Math.min(value.length, PREVIEW_BYTES)));
            if (json) {
                System.out.println(DeadLettersCommand.json(letter)
                        .put("stacktrace", letter.stacktrace())
                        .put("preview", preview)
                        .toPrettyString());
                return 0;
            }
            System.out.printf(
                    "%s %s, put aside %s%nfrom %s@%d, key %s, %,d bytes, sent again %d times%n%s%n%n%s%n%nfirst bytes: %s%n",
                    letter.service(),
                    letter.place(),
                    Instant.ofEpochMilli(letter.at()),
                    letter.origin(),
                    letter.originOffset(),
                    letter.keyText(),
                    letter.bytes(),
                    letter.replays(),
                    why(letter),
                    letter.stacktrace().strip(),
                    preview);
            return 0;
        }
    }

    /** Exit 0 when the brokers have all of them. */
    @Command(
            name = "replay",
            description = "Sends dead letters to where they came from: all of them or, when one cannot be sent, none.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class ReplayCommand extends Operation {
        @Parameters(index = "0", paramLabel = "SERVICE", description = "whose")
        String service = "";

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "PARTITION:OFFSET",
                description = "which, as list names them")
        List<String> places = new ArrayList<>();

        @Override
        int run(Settings settings) {
            services(List.of(service));
            DeadLetters reader = new DeadLetters(settings);
            List<DeadLetter> letters =
                    places.stream().map(place -> at(reader, service, place)).toList();
            try (Replay replay = new Replay(settings)) {
                replay.send(letters);
            } catch (IllegalArgumentException e) {
                throw new StartupException(e.getMessage(), e);
            }
            if (json) {
                System.out.println(new ObjectMapper()
                        .createObjectNode()
                        .put("service", service)
                        .put("replayed", letters.size())
                        .toPrettyString());
            } else {
                letters.forEach(letter -> System.out.println("sent " + letter.place() + " to " + letter.origin()));
            }
            return 0;
        }
    }

    private static String why(DeadLetter letter) {
        return letter.exception() + ": " + letter.message();
    }

    private static ObjectNode json(DeadLetter letter) {
        ObjectNode json = new ObjectMapper()
                .createObjectNode()
                .put("service", letter.service())
                .put("place", letter.place())
                .put("at", Instant.ofEpochMilli(letter.at()).toString())
                .put("key", letter.keyText())
                .put("bytes", letter.bytes())
                .put("exception", letter.exception())
                .put("message", letter.message())
                .put("replays", letter.replays());
        if (letter.origin() != null) {
            json.put("topic", letter.origin().topic())
                    .put("partition", letter.origin().partition())
                    .put("offset", letter.originOffset());
        }
        return json;
    }
}
