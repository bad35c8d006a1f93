package io.circuitstream.dashboard.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatchWithIndex;
import org.rocksdb.WriteOptions;

/**
 * An ordered map of bytes on disk. A step is written as a whole or not at all, also when the process is killed in the middle of it;
 * what a power cut takes is a number of last steps. Native memory is bounded by 48 MiB. Thread-safe; steps are for one thread.
 */
public final class Store implements Reader, AutoCloseable {
    private static final long CACHE_BYTES = 24L << 20;
    private static final long WRITE_BUFFER_BYTES = 8L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private final Path folder;
    private final LRUCache cache = new LRUCache(CACHE_BYTES);
    private final BloomFilter filter = new BloomFilter(10);
    private final Options options;
    private final WriteOptions writing = new WriteOptions();
    private final RocksDB db;

    private Store(Path folder) throws RocksDBException {
        this.folder = folder;
        this.options = new Options()
                .setCreateIfMissing(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(3)
                .setMaxOpenFiles(256)
                .setKeepLogFileNum(2)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setFilterPolicy(filter)
                        .setCacheIndexAndFilterBlocks(true));
        this.db = RocksDB.open(options, folder.toString());
    }

    /** Opens the folder, making it when there is none. @throws StoreException when another process has it open */
    public static Store open(Path folder) {
        try {
            Files.createDirectories(folder);
            return new Store(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RocksDBException e) {
            throw new StoreException("the dashboard's store in " + folder + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        try {
            return db.get(key);
        } catch (RocksDBException e) {
            throw broken(e);
        }
    }

    @Override
    public void ascend(byte[] prefix, byte[] from, Visitor visitor) {
        try (ReadOptions reading = new ReadOptions();
                RocksIterator entries = db.newIterator(reading)) {
            visit(entries, prefix, from, visitor);
        }
    }

    static void visit(RocksIterator entries, byte[] prefix, byte[] from, Visitor visitor) {
        entries.seek(from);
        while (entries.isValid()) {
            byte[] key = entries.key();
            if (!startsWith(key, prefix) || !visitor.visit(key, entries.value())) {
                return;
            }
            entries.next();
        }
    }

    /** Visits the entries with the prefix, descending, from the last that is less than {@code before}. */
    public void descend(byte[] prefix, byte[] before, Visitor visitor) {
        try (ReadOptions reading = new ReadOptions();
                RocksIterator entries = db.newIterator(reading)) {
            entries.seekForPrev(before);
            if (entries.isValid() && Arrays.equals(entries.key(), before)) {
                entries.prev();
            }
            while (entries.isValid()) {
                byte[] key = entries.key();
                if (!startsWith(key, prefix) || !visitor.visit(key, entries.value())) {
                    return;
                }
                entries.prev();
            }
        }
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** A step that is nowhere until it is committed. */
    public Step step() {
        return new Step(this, new WriteBatchWithIndex(true));
    }

    void write(WriteBatchWithIndex batch) {
        try {
            db.write(writing, batch);
        } catch (RocksDBException e) {
            throw broken(e);
        }
    }

    byte @Nullable [] get(WriteBatchWithIndex batch, byte[] key) {
        try (ReadOptions reading = new ReadOptions()) {
            return batch.getFromBatchAndDB(db, reading, key);
        } catch (RocksDBException e) {
            throw broken(e);
        }
    }

    void ascend(WriteBatchWithIndex batch, byte[] prefix, byte[] from, Visitor visitor) {
        try (ReadOptions reading = new ReadOptions();
                RocksIterator below = db.newIterator(reading);
                RocksIterator both = batch.newIteratorWithBase(below)) {
            visit(both, prefix, from, visitor);
        }
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** What it takes on the disk, as far as it is written out. */
    public long bytes() {
        try {
            return db.getLongProperty("rocksdb.total-sst-files-size")
                    + db.getLongProperty("rocksdb.cur-size-all-mem-tables");
        } catch (RocksDBException e) {
            throw broken(e);
        }
    }

    StoreException broken(RocksDBException e) {
        return new StoreException("the dashboard's store in " + folder + " fails: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        db.close();
        options.close();
        writing.close();
        filter.close();
        cache.close();
    }
}
