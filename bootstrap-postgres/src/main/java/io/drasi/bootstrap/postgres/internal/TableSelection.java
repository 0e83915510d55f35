package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.bootstrap.postgres.internal.PublishedTable.Access;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.protocol.Sql;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which of a publication's tables a subscriber is to get. Immutable. */
final class TableSelection {
  private final BootstrapSettings settings;
  private final Set<String> nodeLabels;
  private final boolean everything;

  TableSelection(BootstrapSettings settings, BootstrapRequest request) {
    this.settings = settings;
    this.nodeLabels = request.nodeLabels();
    this.everything = request.nodeLabels().isEmpty() && request.relationLabels().isEmpty();
  }

  /**
   * The tables that are configured and asked for.
   *
   * @throws BootstrapException when a configured one is not published, or one that was asked for
   *     may not be read
   */
  List<PublishedTable> of(List<PublishedTable> published) {
    requirePublished(published);
    var configured = new HashSet<>(settings.tables());
    List<PublishedTable> wanted =
        published.stream()
            .filter(table -> configured.isEmpty() || configured.contains(table.name()))
            .filter(table -> everything || nodeLabels.contains(table.name().label()))
            .toList();
    requireAccess(wanted);
    return wanted;
  }

  private void requirePublished(List<PublishedTable> published) {
    Set<TableName> names = published.stream().map(PublishedTable::name).collect(Collectors.toSet());
    List<TableName> missing =
        settings.tables().stream().distinct().filter(name -> !names.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new BootstrapException(
          ("the publication %s does not have %s, which tables lists: run"
                  + " ALTER PUBLICATION %s ADD TABLE %s;")
              .formatted(
                  settings.publicationName(),
                  missing.stream().map(TableName::toString).collect(Collectors.joining(", ")),
                  Sql.readable(settings.publicationName()),
                  toSql(missing)),
          null);
    }
  }

  /** Looked at before the first row is read, so that the last table's grant is not missed last. */
  private void requireAccess(List<PublishedTable> wanted) {
    String role = Sql.readable(settings.connection().user());
    List<String> remedies = new ArrayList<>();
    List<TableName> hidden = where(wanted, access -> !access.schema());
    if (!hidden.isEmpty()) {
      remedies.add(
          "GRANT USAGE ON SCHEMA %s TO %s;"
              .formatted(
                  hidden.stream()
                      .map(name -> Sql.identifier(name.schema()))
                      .distinct()
                      .collect(Collectors.joining(", ")),
                  role));
    }
    List<TableName> unreadable = where(wanted, access -> !access.rows());
    if (!unreadable.isEmpty()) {
      remedies.add("GRANT SELECT ON %s TO %s;".formatted(toSql(unreadable), role));
    }
    List<TableName> filtered = where(wanted, access -> !access.allRows());
    if (!filtered.isEmpty()) {
      remedies.add(
          "ALTER ROLE %s BYPASSRLS; as a superuser, since row-level security hides rows of %s"
              .formatted(role, toSql(filtered)));
    }
    if (!remedies.isEmpty()) {
      throw new BootstrapException(
          "the role %s may not read all that is to be loaded: run %s"
              .formatted(settings.connection().user(), String.join(" ", remedies)),
          null);
    }
  }

  private interface Lack {
    boolean in(Access access);
  }

  private static List<TableName> where(List<PublishedTable> tables, Lack lack) {
    return tables.stream()
        .filter(table -> lack.in(table.access()))
        .map(PublishedTable::name)
        .toList();
  }

  private static String toSql(Collection<TableName> tables) {
    return tables.stream().map(TableName::toSql).collect(Collectors.joining(", "));
  }
}
