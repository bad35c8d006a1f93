/**
 * A Kafka broker and a schema registry inside this process, for a first start without containers and for tests. Both
 * keep what they hold in one data folder and find it again after a restart. Single node, loopback only, no
 * authentication: not for production.
 */
@org.jspecify.annotations.NullMarked
package io.circuitstream.embedded;
