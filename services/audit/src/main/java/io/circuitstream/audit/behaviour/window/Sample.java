package io.circuitstream.audit.behaviour.window;

import io.circuitstream.audit.behaviour.digest.Arrival;
import io.circuitstream.audit.behaviour.digest.CircuitDigest;
import io.circuitstream.audit.behaviour.digest.TrustDigest;
import io.circuitstream.audit.behaviour.drift.CircuitUnit;
import io.circuitstream.audit.behaviour.drift.Tenths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;

/** The first circuits of a window in the order of its keys, with the last report of each; the whole window when that is small. */
final class Sample {
    private final int most;
    private final List<KeyValue<Bytes, byte[]>> kept = new ArrayList<>();
    private final List<KeyValue<String, CircuitDigest>> circuits = new ArrayList<>();
    private final Map<String, Integer> confirmed = new HashMap<>();

    Sample(int most) {
        this.most = most;
    }

    /** Circuits come before reports: that is the order of the keys. */
    void add(Bytes key, byte[] entry, Arrival arrival) {
        if (arrival.seen() instanceof CircuitDigest circuit && !circuit.failed() && circuits.size() < most) {
            circuits.add(KeyValue.pair(arrival.promptId(), circuit));
            confirmed.putIfAbsent(arrival.promptId(), -1);
            kept.add(KeyValue.pair(key, entry));
        } else if (arrival.seen() instanceof TrustDigest report && confirmed.containsKey(arrival.promptId())) {
            confirmed.put(arrival.promptId(), report.confirmedShare() < 0 ? -1 : Tenths.of(report.confirmedShare()));
            kept.add(KeyValue.pair(key, entry));
        }
    }

    /** What has to be kept for {@link #units} to be the same later. */
    List<KeyValue<Bytes, byte[]>> kept() {
        return kept;
    }

    List<CircuitUnit> units() {
        return circuits.stream()
                .map(c -> new CircuitUnit(
                        c.value.features(),
                        c.value.edges(),
                        Tenths.of(c.value.completeness()),
                        Tenths.of(c.value.replacement()),
                        confirmed.getOrDefault(c.key, -1)))
                .toList();
    }
}
