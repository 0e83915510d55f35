package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.value.TypeCodecs;
import java.io.IOException;
import java.util.Set;

/**
 * Finds the codecs of the columns' types. The catalog is asked when a table is described that has a
 * type which is not known, or may have changed; never for a row.
 *
 * <p>Confined to the replication thread.
 */
public final class TypeResolver {
  private final TypeLookup lookup;
  private TypeCodecs types;
  private boolean lenient;

  /**
   * A resolver for one session.
   *
   * @param types what is known when the session begins
   * @param lookup asks the catalog about the rest
   */
  public TypeResolver(TypeCodecs types, TypeLookup lookup) {
    this.types = types;
    this.lookup = lookup;
  }

  /** The codecs of the types of a table's columns, among others. */
  TypeCodecs codecs(Relation relation) throws IOException {
    ask(types.unsure(relation.columns().stream().map(Column::typeOid).toList()));
    return current();
  }

  /** Asks the catalog anew about the types of these tables, which a value has not fitted. */
  RelationCache refresh(RelationCache relations) throws IOException {
    ask(types.unsure(relations.typeOids()));
    return relations.with(current());
  }

  /** Decodes values that do not fit their types as text, or no longer so. */
  RelationCache setLenient(boolean wanted, RelationCache relations) {
    lenient = wanted;
    return relations.with(current());
  }

  private TypeCodecs current() {
    return lenient ? types.lenient() : types;
  }

  private void ask(Set<Integer> typeOids) throws IOException {
    if (!typeOids.isEmpty()) {
      types = types.with(lookup.find(typeOids));
    }
  }
}
