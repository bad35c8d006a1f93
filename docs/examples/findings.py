#!/usr/bin/env python3
"""Reads the audit's findings from the beginning and checks each hash chain, in another language than the one that writes them.

    pip install "confluent-kafka[avro,schemaregistry]"
    python3 findings.py [bootstrap servers] [schema registry] [topic prefix]

It ends when nothing has come for ten seconds. Signatures are checked by `circuitstream verify-audit`.
"""
import hashlib
import sys

from confluent_kafka import Consumer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

servers, registry, prefix = (sys.argv[1:] + ["localhost:9092", "http://localhost:8081", "circuitstream"][len(sys.argv) - 1:])[:3]
topic = f"{prefix}.findings.v1"

consumer = Consumer({
    "bootstrap.servers": servers,
    "group.id": "findings-example",
    "isolation.level": "read_committed",  # findings are written in transactions
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,  # every run begins at the beginning
})
deserialize = AvroDeserializer(SchemaRegistryClient({"url": registry}))
consumer.subscribe([topic])
chains, quiet = {}, 0
while quiet < 10:
    message = consumer.poll(1.0)
    quiet = quiet + 1 if message is None else 0
    if message is None:
        continue
    if message.error():
        raise SystemExit(message.error())
    value = message.value()
    finding = deserialize(value, SerializationContext(topic, MessageField.VALUE))
    # SHA-256(previous hash ‖ body without the hash): 5 bytes of wire format before, 33 bytes of hash after.
    sequence, previous = chains.get(message.partition(), (0, bytes(32)))
    linked = finding["sequence"] == sequence + 1 and finding["previousHash"] == previous
    sound = hashlib.sha256(finding["previousHash"] + value[5:-33]).digest() == finding["hash"]
    chains[message.partition()] = (finding["sequence"], finding["hash"])
    print(f"{message.partition()}/{finding['sequence']} {'ok ' if linked and sound else 'BAD'} "
          f"{finding['eventTime']:%H:%M:%S} {finding['severity']} {finding['rule']}: {finding['promptId']}: {finding['message']}")
consumer.close()
print(f"{sum(sequence for sequence, _ in chains.values())} findings in {len(chains)} chains")
