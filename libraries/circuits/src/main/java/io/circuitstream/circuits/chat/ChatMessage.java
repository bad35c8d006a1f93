package io.circuitstream.circuits.chat;

/**
 * One turn of a conversation.
 *
 * @param role what the model's template knows: user, assistant, mostly system
 */
public record ChatMessage(String role, String content) {}
