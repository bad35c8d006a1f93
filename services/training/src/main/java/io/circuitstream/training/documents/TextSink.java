package io.circuitstream.training.documents;

/** Takes the texts of a source, one after the other. */
interface TextSink {

    /**
     * Takes a text.
     *
     * @param answer what follows the text after a space; empty when none is known
     */
    void addText(String text, String answer);

    /**
     * Takes a text as token ids.
     *
     * @throws IllegalArgumentException if the ids mean nothing here
     */
    void addIds(int[] ids, String answer);
}
