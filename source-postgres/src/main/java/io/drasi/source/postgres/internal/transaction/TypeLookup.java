package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.value.TypeDescription;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Asks the catalog about types. */
@FunctionalInterface
public interface TypeLookup {

  /** What the catalog says now of these types, and of all that they are made of. */
  List<TypeDescription> find(Collection<Integer> typeOids) throws IOException;
}
