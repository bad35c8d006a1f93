/** The events on the topics, generated from the schemas in {@code src/main/avro}, and the topics' names. */
@org.jspecify.annotations.NullMarked
package io.circuitstream.events;
