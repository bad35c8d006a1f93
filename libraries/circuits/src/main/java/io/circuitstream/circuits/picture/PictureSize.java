package io.circuitstream.circuits.picture;

/**
 * How much of a circuit is drawn.
 *
 * @param nodes most features and errors, those with most influence
 * @param edges about how many edges: that many strongest, and of every drawn node the strongest on either side
 */
public record PictureSize(int nodes, int edges) {
    /** What can be told apart on a page. */
    public static final PictureSize READABLE = new PictureSize(30, 90);

    public PictureSize {
        if (nodes < 1 || edges < 1) {
            throw new IllegalArgumentException(
                    "a picture of " + nodes + " nodes and " + edges + " edges shows nothing");
        }
    }
}
