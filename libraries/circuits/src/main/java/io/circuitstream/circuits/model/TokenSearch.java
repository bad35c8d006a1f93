package io.circuitstream.circuits.model;

import io.circuitstream.circuits.model.TokenizerFile.Piece;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds the one token that a person means. Goes through the whole vocabulary: not for inner loops. */
record TokenSearch(TokenizerFile file, int rows) {
    private static final int LISTED = 8;

    /** @param cut ids into which the tokenizer cuts the text */
    OptionalInt find(String text, int[] cut) {
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        Set<Integer> found = all(piece -> piece.text().is(text));
        if (cut.length == 1 && cut[0] < rows && cut[0] != file.unknown()) {
            found.add(cut[0]);
        }
        if (found.isEmpty()) {
            found = all(piece -> piece.text().is(" " + text));
        }
        if (found.isEmpty()) {
            found = all(piece ->
                    piece.written().equals(text) || piece.text().readable().equals(text));
        }
        if (found.isEmpty() && text.matches("#\\d{1,9}")) {
            int id = Integer.parseInt(text.substring(1));
            return id < rows && file.piece(id) != null ? OptionalInt.of(id) : OptionalInt.empty();
        }
        if (found.size() > 1) {
            found.removeIf(id -> file.piece(id).isByte());
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException("'" + text + "' may be any of "
                    + found.stream()
                            .limit(LISTED)
                            .map(id -> "'" + file.piece(id).text().readable() + "' (#" + id + ")")
                            .collect(Collectors.joining(", "))
                    + (found.size() > LISTED ? " and " + (found.size() - LISTED) + " more" : "")
                    + ": give the one that is meant, or its number");
        }
        return found.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(found.iterator().next());
    }

    private Set<Integer> all(Predicate<Piece> predicate) {
        Set<Integer> found = new TreeSet<>();
        for (int id = 0; id < Math.min(rows, file.byId().size()); id++) {
            Piece piece = file.piece(id);
            if (piece != null && predicate.test(piece)) {
                found.add(id);
            }
        }
        return found;
    }
}
