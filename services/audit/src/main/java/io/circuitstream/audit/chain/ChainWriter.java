package io.circuitstream.audit.chain;

import io.circuitstream.audit.CandidateFinding;
import io.circuitstream.events.AuditCheckpoint;
import io.circuitstream.events.AuditFinding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Links candidates to the chain of its partition and signs the chain by the policy. State, findings, checkpoints and the offsets of what
 * it read are of one transaction, so a restart goes on where the last committed finding is: no gap, nothing twice. It begins a chain
 * with a checkpoint of no findings.
 */
public final class ChainWriter implements Processor<String, CandidateFinding, String, SpecificRecord> {
    private static final String STORE = "chain";
    private static final String KEY = "state";
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(1);

    private final String findingsTopic;
    private final SigningKey key;
    private final SigningPolicy policy;
    private final Consumer<SpecificRecord> written;
    private ProcessorContext<String, SpecificRecord> context;
    private KeyValueStore<String, byte[]> store;
    private int partition;

    private ChainWriter(String findingsTopic, SigningKey key, SigningPolicy policy, Consumer<SpecificRecord> written) {
        this.findingsTopic = findingsTopic;
        this.key = key;
        this.policy = policy;
        this.written = written;
    }

    /**
     * One writer for each chain.
     *
     * @param written told of every finding and checkpoint before its transaction commits
     */
    public static ProcessorSupplier<String, CandidateFinding, String, SpecificRecord> supplier(
            String findingsTopic, SigningKey key, SigningPolicy policy, Consumer<SpecificRecord> written) {
        return new ProcessorSupplier<>() {
            @Override
            public Processor<String, CandidateFinding, String, SpecificRecord> get() {
                return new ChainWriter(findingsTopic, key, policy, written);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                        .withLoggingEnabled(Map.of())
                        .withCachingEnabled());
            }
        };
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> context) {
        this.context = context;
        store = context.getStateStore(STORE);
        partition = context.taskId().partition();
        Duration round = policy.delay().compareTo(LONGEST_ROUND) < 0 ? policy.delay() : LONGEST_ROUND;
        context.schedule(round, PunctuationType.WALL_CLOCK_TIME, now -> signWhenDue(state(), now));
    }

    @Override
    public void process(Record<String, CandidateFinding> record) {
        long now = context.currentSystemTimeMs();
        ChainState before = signWhenDue(state(), now);
        AuditFinding finding = linked(record.value().finding(), before);
        forward(new Record<>(finding.getFindingId(), finding, now, record.headers()));
        ChainState after = before.appended(ChainHash.bytes(finding.getHash()), now);
        put(after);
        signWhenDue(after, now);
    }

    private AuditFinding linked(AuditFinding candidate, ChainState state) {
        candidate.setPartition(partition);
        candidate.setSequence(state.sequence() + 1);
        candidate.setPreviousHash(ByteBuffer.wrap(state.hash()));
        candidate.setHash(ByteBuffer.allocate(0));
        candidate.setHash(ByteBuffer.wrap(ChainHash.of(candidate)));
        return candidate;
    }

    private ChainState signWhenDue(ChainState state, long now) {
        if (!policy.isDue(state, now)) {
            return state;
        }
        ChainState signed = state.signed(now);
        AuditCheckpoint checkpoint = Checkpoints.sign(key, findingsTopic, partition, signed);
        forward(new Record<>(Integer.toString(partition), checkpoint, now));
        put(signed);
        return signed;
    }

    private void forward(Record<String, SpecificRecord> event) {
        context.forward(event);
        written.accept(event.value());
    }

    private ChainState state() {
        byte[] bytes = store.get(KEY);
        return bytes == null ? ChainState.empty() : ChainState.decode(bytes);
    }

    private void put(ChainState state) {
        store.put(KEY, state.encode());
    }
}
