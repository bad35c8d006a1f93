package io.circuitstream.training.corpus;

import java.util.Random;

/** Training lines without end; what is drawn depends only on the random source. */
public interface LineSource {

    Line draw(Random random);

    /** Changes with the lines and their token ids. */
    String version();
}
