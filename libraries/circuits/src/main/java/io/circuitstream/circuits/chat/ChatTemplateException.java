package io.circuitstream.circuits.chat;

/** Messages that the model's chat template makes no text of: the message says why and what to do. */
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ChatTemplateException(String message) {
        super(message);
    }
}
