package io.circuitstream.circuits.truth;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** "Sorry" unless the entity is known: a feature that the first token switches on, and that knowing the entity inhibits. */
final class Refusal {
    private static final Map<String, List<String>> SPORTS = Map.of(
            "basketball", List.of("Jordan", "James"),
            "soccer", List.of("Messi", "Pele"),
            "tennis", List.of("Federer", "Serena"),
            "golf", List.of("Woods", "Palmer"));

    private static final List<String> STRANGERS = List.of("Batkin", "Ulmer", "Okafor", "Lindqvist", "Marsh", "Tanaka");

    /** What is left of the default when the entity is known is 1 minus this: an inhibited feature that is off has no node. */
    static final double PARTLY = .7;

    private Refusal() {}

    /** @param inhibition how much of the default knowing takes away */
    static Wiring wiring(double inhibition) {
        Wiring wiring = new Wiring().words("which", "sport", "does", "play").token("?", "ask");
        STRANGERS.forEach(name -> wiring.token(name, "name"));
        wiring.head(1).move(Wiring.BOS, "default");
        Head entity = wiring.head(1).match("ask", "name").move("known", "asked known");
        Map<String, Double> known = new HashMap<>();
        SPORTS.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
            String sport = entry.getKey();
            String[] names = entry.getValue().toArray(String[]::new);
            for (String name : names) {
                wiring.token(name, "name");
                known.put(name, 2.);
            }
            entity.move("plays " + sport, "asked " + sport);
            wiring.feature(Feature.any(0, "plays " + sport, "plays " + sport, names))
                    .feature(Feature.any(1, "say " + sport, "say " + sport, "asked " + sport))
                    .says("say " + sport, 6, sport);
        });
        return wiring.feature(new Feature(0, "known", known, -1, Map.of("known", 1.)))
                .feature(new Feature(
                        1,
                        "can't answer",
                        Map.of("default", 1., "asked known", -inhibition),
                        0,
                        Map.of("say sorry", 1.)))
                .says("say sorry", 8, "sorry")
                .unknownAt(6);
    }

    static List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        SPORTS.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> entry.getValue()
                .forEach(name -> tasks.add(known(name, entry.getKey()))));
        for (String name : STRANGERS) {
            Truth truth = new Truth().path("#0", "can't answer@6", Truth.LOGIT);
            tasks.add(new Task(prompt(name), "sorry", truth, "can't answer@6", Wiring.UNKNOWN));
        }
        return tasks;
    }

    private static Task known(String name, String sport) {
        String plays = "plays " + sport + "@4";
        Truth truth = new Truth()
                .path("#4", "known@4", "can't answer@6", Truth.LOGIT)
                .path("#0", "can't answer@6")
                .path("#4", plays, "say " + sport + "@6", Truth.LOGIT);
        return new Task(prompt(name), sport, "sorry", truth, "known@4", plays, "sorry");
    }

    private static List<String> prompt(String name) {
        return Truth.prompt("which sport does " + name + " play ?");
    }
}
