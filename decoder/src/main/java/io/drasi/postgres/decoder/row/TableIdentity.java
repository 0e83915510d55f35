package io.drasi.postgres.decoder.row;

import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import java.util.List;
import java.util.Objects;

/**
 * What the catalog says about how the rows of a table are told apart. It may be newer than the
 * stream that is being read.
 *
 * @param name the table
 * @param replicaIdentity what of an old row is sent
 * @param primaryKey the primary key's columns in key order; empty without one
 * @param identityIndex the columns, in key order, of the index chosen by {@code REPLICA IDENTITY
 *     USING INDEX}; empty without one
 */
public record TableIdentity(
    TableName name,
    ReplicaIdentity replicaIdentity,
    List<String> primaryKey,
    List<String> identityIndex) {
  public TableIdentity {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(replicaIdentity, "replicaIdentity");
    primaryKey = List.copyOf(primaryKey);
    identityIndex = List.copyOf(identityIndex);
  }
}
