/**
 * Events to bytes and back: Avro in Confluent's wire format with schemas in a registry that speaks Confluent's REST
 * interface, and the digests of which the provenance chain is made. Failures come in three kinds, because they lead to
 * three places: {@code SerializationException} (the bytes are bad: dead letter), {@link
 * io.circuitstream.platform.serde.RegistryUnavailableException} (try again) and {@link
 * io.circuitstream.platform.serde.RegistryRefusedException} (stop: configuration or contract is wrong).
 */
@org.jspecify.annotations.NullMarked
package io.circuitstream.platform.serde;
