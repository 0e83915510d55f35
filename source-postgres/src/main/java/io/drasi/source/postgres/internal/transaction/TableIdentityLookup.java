package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableName;
import java.io.IOException;
import java.util.Optional;

/** Asks the catalog what identifies the rows of a table. */
@FunctionalInterface
public interface TableIdentityLookup {

  /** What the catalog says now; empty when the table is gone. */
  Optional<TableIdentity> find(TableName table) throws IOException;
}
