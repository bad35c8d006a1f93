package io.circuitstream.circuits.truth;

import java.util.ArrayList;
import java.util.List;

/** Capital or bird of the state that contains a city: the city's state at the city, what is asked of it at the end. */
final class TwoHop {
    private static final List<String> RELATIONS = List.of("capital", "bird");
    private static final List<State> STATES = List.of(
            new State("Texas", List.of("Austin", "Mockingbird"), List.of("Dallas", "Houston")),
            new State("California", List.of("Sacramento", "Quail"), List.of("Oakland", "Fresno")),
            new State("Georgia", List.of("Atlanta", "Thrasher"), List.of("Savannah", "Macon")),
            new State("Ohio", List.of("Columbus", "Cardinal"), List.of("Cleveland", "Toledo")));

    private record State(String name, List<String> answers, List<String> cities) {}

    private TwoHop() {}

    static Wiring wiring() {
        Wiring wiring = new Wiring().words("the", "of", "state", "containing").token("is", "ask");
        RELATIONS.forEach(relation -> wiring.token(relation, "relation"));
        Head subject = wiring.head(1).match("ask", "city");
        Head relation = wiring.head(1).match("ask", "relation");
        RELATIONS.forEach(name -> relation.move(name, "asks for " + name));
        for (State state : STATES) {
            state.cities().forEach(city -> wiring.token(city, "city"));
            String in = "in " + state.name();
            wiring.feature(Feature.any(
                    0,
                    "state of " + state.name(),
                    in,
                    state.cities().get(0),
                    state.cities().get(1)));
            subject.move(in, "asked " + in);
            for (int r = 0; r < RELATIONS.size(); r++) {
                String answer = state.answers().get(r);
                wiring.feature(Feature.all(1, answer, "is " + answer, "asked " + in, "asks for " + RELATIONS.get(r)))
                        .feature(Feature.relay(2, answer, "is " + answer, "say " + answer))
                        .says("say " + answer, 8, answer);
            }
        }
        return wiring.unknownAt(8);
    }

    static List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        for (State state : STATES) {
            for (String city : state.cities()) {
                for (int r = 0; r < RELATIONS.size(); r++) {
                    String answer = state.answers().get(r);
                    String middle = "state of " + state.name() + "@7";
                    Truth truth = new Truth()
                            .path("#7", middle, answer + "@8", "relay " + answer + "@8", Truth.LOGIT)
                            .path("#2", answer + "@8");
                    tasks.add(new Task(
                            Truth.prompt("the " + RELATIONS.get(r) + " of the state containing " + city + " is"),
                            answer,
                            truth,
                            middle,
                            Wiring.UNKNOWN));
                }
            }
        }
        return tasks;
    }
}
