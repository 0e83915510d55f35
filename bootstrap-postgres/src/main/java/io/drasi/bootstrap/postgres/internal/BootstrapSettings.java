package io.drasi.bootstrap.postgres.internal;

import static io.drasi.bootstrap.postgres.PostgresBootstrapProvider.MAX_BATCH_SIZE;
import static io.drasi.bootstrap.postgres.PostgresBootstrapProvider.MAX_PARALLELISM;

import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.KeyResolver;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.protocol.ConnectionConfig;
import java.util.List;
import java.util.Objects;

/**
 * What a provider is made from. Valid by construction.
 *
 * @param connection where the server is, and who connects
 * @param publicationName the publication
 * @param tables the tables to load; empty means all of the publication
 * @param tableKeys columns that identify a row, where they are not what the database says
 * @param elementIdFormat how element ids begin
 * @param batchSize how many elements go into a batch at most
 * @param parallelism over how many connections is read
 */
public record BootstrapSettings(
    ConnectionConfig connection,
    String publicationName,
    List<TableName> tables,
    List<TableKeyConfig> tableKeys,
    ElementIdFormat elementIdFormat,
    int batchSize,
    int parallelism) {
  public BootstrapSettings {
    Objects.requireNonNull(connection, "connection");
    Objects.requireNonNull(elementIdFormat, "elementIdFormat");
    tables = List.copyOf(tables);
    tableKeys = List.copyOf(tableKeys);
    new KeyResolver(tableKeys); // refuses a table that comes twice
    if (publicationName.isBlank()) {
      throw new IllegalArgumentException("publicationName must not be blank");
    }
    if (batchSize < 1 || batchSize > MAX_BATCH_SIZE) {
      throw new IllegalArgumentException(
          "batchSize must be from 1 to %d, was %d".formatted(MAX_BATCH_SIZE, batchSize));
    }
    if (parallelism < 1 || parallelism > MAX_PARALLELISM) {
      throw new IllegalArgumentException(
          "parallelism must be from 1 to %d, was %d".formatted(MAX_PARALLELISM, parallelism));
    }
  }
}
