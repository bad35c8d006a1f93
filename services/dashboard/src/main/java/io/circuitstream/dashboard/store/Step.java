package io.circuitstream.dashboard.store;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatchWithIndex;

/** Changes that become visible and durable together. Reads see what the step has written so far. For one thread. */
public final class Step implements Reader, AutoCloseable {
    private final Store store;
    private final WriteBatchWithIndex batch;

    Step(Store store, WriteBatchWithIndex batch) {
        this.store = store;
        this.batch = batch;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return store.get(batch, key);
    }

    @Override
    public void ascend(byte[] prefix, byte[] from, Visitor visitor) {
        store.ascend(batch, prefix, from, visitor);
    }

    public void put(byte[] key, byte[] value) {
        try {
            batch.put(key, value);
        } catch (RocksDBException e) {
            throw store.broken(e);
        }
    }

    public void delete(byte[] key) {
        try {
            batch.delete(key);
        } catch (RocksDBException e) {
            throw store.broken(e);
        }
    }

    /** A place to which {@link #forget} goes back. */
    public void mark() {
        batch.setSavePoint();
    }

    /** Takes back what was written since the last mark, and the mark. */
    public void forget() {
        try {
            batch.rollbackToSavePoint();
        } catch (RocksDBException e) {
            throw store.broken(e);
        }
    }

    /** Writes all of it. */
    public void commit() {
        store.write(batch);
    }

    /** Discards what was not committed. */
    @Override
    public void close() {
        batch.close();
    }
}
