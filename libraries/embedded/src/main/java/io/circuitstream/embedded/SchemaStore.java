package io.circuitstream.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Subjects, versions, ids and compatibility levels. Every change is an {@link Entry} that is on the disk before it is
 * applied, and the state after a restart is the entries applied again. One schema text has one id, however many
 * subjects have it. Schemas that differ only in documentation are different, as they are for Confluent.
 *
 * <p>Safe for use by several threads: every method holds the monitor.
 */
final class SchemaStore {
    /** Events are public contracts that are kept for years: nothing weaker unless a subject says so. */
    static final CompatibilityLevel DEFAULT_LEVEL = CompatibilityLevel.FULL_TRANSITIVE;

    /** A change. {@code subject} is null for the global level. */
    sealed interface Entry {}

    record Registered(String subject, int version, int id, String schema) implements Entry {}

    record LevelSet(@Nullable String subject, CompatibilityLevel level) implements Entry {}

    /** Where changes are made durable before they count. */
    interface Journal {
        void append(Entry entry) throws IOException;
    }

    private final Journal journal;
    private final Map<Integer, Schema> byId = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final TreeMap<String, List<Registered>> subjects = new TreeMap<>();
    private final Map<String, CompatibilityLevel> levels = new HashMap<>();
    private CompatibilityLevel globalLevel = DEFAULT_LEVEL;

    SchemaStore(List<Entry> history, Journal journal) {
        this.journal = journal;
        history.forEach(this::apply);
    }

    /** @throws RegistryError 42201 if Avro refuses it */
    static Schema parse(String schema) {
        try {
            return new Schema.Parser().parse(schema);
        } catch (AvroRuntimeException e) {
            throw RegistryError.invalidSchema(String.valueOf(e.getMessage()));
        }
    }

    synchronized List<String> subjects() {
        return List.copyOf(subjects.keySet());
    }

    synchronized List<Integer> versions(String subject) {
        return existing(subject).stream().map(Registered::version).toList();
    }

    /** @param version a number or {@code latest} */
    synchronized Registered version(String subject, String version) {
        List<Registered> all = existing(subject);
        int number = version.equals("latest") || version.equals("-1") ? all.size() : parseVersion(version);
        if (number > all.size()) {
            throw RegistryError.versionNotFound(version);
        }
        return all.get(number - 1);
    }

    synchronized String schema(int id) {
        Schema schema = byId.get(id);
        if (schema == null) {
            throw RegistryError.schemaNotFound(String.valueOf(id));
        }
        return schema.toString();
    }

    /** Every place where the id is registered. */
    synchronized List<Registered> uses(int id) {
        schema(id);
        return subjects.values().stream()
                .flatMap(List::stream)
                .filter(registered -> registered.id() == id)
                .toList();
    }

    /** @throws RegistryError 40401 or 40403 if the subject, or the schema under it, is not registered */
    synchronized Registered lookup(String subject, Schema schema) {
        Registered found = find(existing(subject), schema);
        if (found == null) {
            throw RegistryError.schemaNotFound("under subject '" + subject + "'");
        }
        return found;
    }

    /** Registers the schema unless the subject has it; the answer is the same when it is sent twice. */
    synchronized Registered register(String subject, Schema schema) {
        List<Registered> earlier = subjects.getOrDefault(subject, List.of());
        Registered known = find(earlier, schema);
        if (known != null) {
            return known;
        }
        List<String> reasons = level(subject).reasonsAgainst(schema, schemas(earlier));
        if (!reasons.isEmpty()) {
            throw RegistryError.incompatible(subject, reasons);
        }
        int id = ids.getOrDefault(schema.toString(), byId.size() + 1);
        Registered registered = new Registered(subject, earlier.size() + 1, id, schema.toString());
        record(registered);
        return registered;
    }

    /** Reasons against registering the schema now, none if it would be accepted. */
    synchronized List<String> check(String subject, Schema schema) {
        return level(subject).reasonsAgainst(schema, schemas(existing(subject)));
    }

    /** Reasons against the schema as the successor of one version. */
    synchronized List<String> check(String subject, String version, Schema schema) {
        Registered one = version(subject, version);
        return level(subject).reasonsAgainst(schema, schemas(List.of(one)));
    }

    synchronized CompatibilityLevel globalLevel() {
        return globalLevel;
    }

    /** The subject's own level, null if it has none. */
    synchronized @Nullable CompatibilityLevel ownLevel(String subject) {
        return levels.get(subject);
    }

    synchronized void setLevel(@Nullable String subject, CompatibilityLevel level) {
        record(new LevelSet(subject, level));
    }

    private CompatibilityLevel level(String subject) {
        return levels.getOrDefault(subject, globalLevel);
    }

    private List<Registered> existing(String subject) {
        List<Registered> versions = subjects.get(subject);
        if (versions == null) {
            throw RegistryError.subjectNotFound(subject);
        }
        return versions;
    }

    private static @Nullable Registered find(List<Registered> versions, Schema schema) {
        String text = schema.toString();
        return versions.stream()
                .filter(version -> version.schema().equals(text))
                .findFirst()
                .orElse(null);
    }

    private List<Schema> schemas(List<Registered> versions) {
        List<Schema> schemas = new ArrayList<>();
        for (Registered version : versions) {
            schemas.add(parse(version.schema()));
        }
        return schemas;
    }

    private static int parseVersion(String version) {
        try {
            int number = Integer.parseInt(version);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Same answer as for a number out of range.
        }
        throw RegistryError.invalidVersion(version);
    }

    private void record(Entry entry) {
        try {
            journal.append(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        apply(entry);
    }

    private void apply(Entry entry) {
        if (entry instanceof Registered registered) {
            Schema schema = parse(registered.schema());
            byId.put(registered.id(), schema);
            ids.put(schema.toString(), registered.id());
            subjects.computeIfAbsent(registered.subject(), subject -> new ArrayList<>())
                    .add(registered);
        } else if (entry instanceof LevelSet set) {
            if (set.subject() == null) {
                globalLevel = set.level();
            } else {
                levels.put(set.subject(), set.level());
            }
        }
    }
}
