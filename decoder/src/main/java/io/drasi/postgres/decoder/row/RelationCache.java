package io.drasi.postgres.decoder.row;

import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables that a stream has described so far, by OID. Immutable: a transaction keeps the cache
 * that was valid at its begin.
 */
public final class RelationCache {
  private static final RelationCache EMPTY = new RelationCache(new int[0], new TableMapping[0]);

  /** Sorted. */
  private final int[] oids;

  /** By the index of the OID; null for a table that is ignored. */
  private final @Nullable TableMapping[] mappings;

  private RelationCache(int[] oids, @Nullable TableMapping[] mappings) {
    this.oids = oids;
    this.mappings = mappings;
  }

  /** A cache that knows no table. */
  public static RelationCache empty() {
    return EMPTY;
  }

  /** This cache with the table of a mapping, known from now on or anew. */
  public RelationCache with(TableMapping mapping) {
    return with(mapping.relation().oid(), mapping);
  }

  /** This cache with a table that the stream describes, but whose changes are not wanted. */
  public RelationCache withIgnored(int oid) {
    return with(oid, null);
  }

  /** This cache with other codecs of the columns' types. */
  public RelationCache with(TypeCodecs types) {
    @Nullable TableMapping[] newMappings = new TableMapping[mappings.length];
    for (int i = 0; i < mappings.length; i++) {
      TableMapping mapping = mappings[i];
      newMappings[i] = mapping == null ? null : mapping.with(types);
    }
    return new RelationCache(oids, newMappings);
  }

  /** The types of all columns of all tables that are not ignored. */
  public Set<Integer> typeOids() {
    Set<Integer> typeOids = new HashSet<>();
    for (TableMapping mapping : mappings) {
      if (mapping != null) {
        mapping.relation().columns().forEach(column -> typeOids.add(column.typeOid()));
      }
    }
    return typeOids;
  }

  /** How many tables are known, those that are ignored included. */
  public int size() {
    return oids.length;
  }

  /**
   * The mapping of a table; empty when the table is ignored.
   *
   * @throws ProtocolException when the stream has not described the table
   */
  public Optional<TableMapping> find(int oid) throws ProtocolException {
    int index = Arrays.binarySearch(oids, oid);
    if (index < 0) {
      throw new ProtocolException(
          "a change names relation %s, which the server has not described"
              .formatted(Integer.toUnsignedString(oid)));
    }
    return Optional.ofNullable(mappings[index]);
  }

  private RelationCache with(int oid, @Nullable TableMapping mapping) {
    int found = Arrays.binarySearch(oids, oid);
    if (found >= 0) {
      @Nullable TableMapping[] newMappings = mappings.clone();
      newMappings[found] = mapping;
      return new RelationCache(oids, newMappings);
    }
    int at = -found - 1;
    int[] newOids = new int[oids.length + 1];
    @Nullable TableMapping[] newMappings = new TableMapping[oids.length + 1];
    System.arraycopy(oids, 0, newOids, 0, at);
    System.arraycopy(oids, at, newOids, at + 1, oids.length - at);
    System.arraycopy(mappings, 0, newMappings, 0, at);
    System.arraycopy(mappings, at, newMappings, at + 1, oids.length - at);
    newOids[at] = oid;
    newMappings[at] = mapping;
    return new RelationCache(newOids, newMappings);
  }
}
