package io.drasi.postgres.decoder.value;

import io.drasi.postgres.decoder.value.TypeDescription.Column;
import io.drasi.postgres.decoder.value.TypeDescription.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The codecs of the types of one database, as far as they are known: those of PostgreSQL itself,
 * and those that the catalog was asked about. Meant to be asked once per column of a relation.
 * Immutable, thread-safe.
 */
public final class TypeCodecs {
  private final Codecs codecs;
  private final Map<Integer, TypeDescription> described;
  private final boolean lenient;

  private TypeCodecs(Codecs codecs, Map<Integer, TypeDescription> described, boolean lenient) {
    this.codecs = codecs;
    this.described = described;
    this.lenient = lenient;
  }

  /** The types of PostgreSQL itself. */
  public static TypeCodecs of(Codecs codecs) {
    return new TypeCodecs(codecs, Map.of(), false);
  }

  /** These types and others, in place of what was known under their OIDs. */
  public TypeCodecs with(Collection<TypeDescription> types) {
    Map<Integer, TypeDescription> all = new HashMap<>(described);
    types.forEach(type -> all.put(type.oid(), type));
    return new TypeCodecs(codecs, Map.copyOf(all), lenient);
  }

  /**
   * The same types, where a composite value that does not fit its type is decoded as text. Without
   * this it is refused with an {@link OutdatedTypeException}.
   */
  public TypeCodecs lenient() {
    return new TypeCodecs(codecs, described, true);
  }

  /** Those of some types that the catalog has to be asked about. */
  public Set<Integer> unknown(Collection<Integer> typeOids) {
    Set<Integer> unknown = new HashSet<>(typeOids);
    unknown.removeIf(oid -> BuiltInTypes.find(oid) != null || described.containsKey(oid));
    return unknown;
  }

  /**
   * Those of some types that the catalog has to be asked about, and those whose description may
   * have become wrong: only the columns of a composite type can change.
   */
  public Set<Integer> unsure(Collection<Integer> typeOids) {
    Set<Integer> unsure = unknown(typeOids);
    for (int oid : typeOids) {
      if (hasComposite(oid, new HashSet<>())) {
        unsure.add(oid);
      }
    }
    return unsure;
  }

  private boolean hasComposite(int oid, Set<Integer> seen) {
    TypeDescription type = described.get(oid);
    if (type == null || !seen.add(oid)) {
      return false;
    }
    return type.kind() == Kind.COMPOSITE || hasComposite(type.partOid(), seen);
  }

  /** The codec of a type. One that is not known is decoded to what the server prints. */
  public Codec codec(int typeOid) {
    return codec(typeOid, new HashSet<>());
  }

  /** The codec of a type within others, in which it does not come again. */
  private Codec codec(int oid, Set<Integer> around) {
    Codec builtIn = BuiltInTypes.find(oid);
    if (builtIn != null) {
      return builtIn;
    }
    TypeDescription type = described.get(oid);
    if (type == null || !around.add(oid)) {
      return Codec.UNKNOWN;
    }
    try {
      return codecs
          .contributed(type)
          .map(TypeCodecs::contributed)
          .orElseGet(() -> byKind(type, around));
    } finally {
      around.remove(oid);
    }
  }

  private Codec byKind(TypeDescription type, Set<Integer> around) {
    return switch (type.kind()) {
      case BASE -> ExtensionTypes.find(type.name()).orElse(Codec.UNKNOWN);
      case ENUM -> BuiltInTypes.TEXT;
      case DOMAIN -> codec(type.partOid(), around);
      case ARRAY -> ArrayCodec.of(type.name(), codec(type.partOid(), around), type.delimiter());
      case RANGE -> RangeBinary.range(type.name(), codec(type.partOid(), around));
      case MULTIRANGE -> RangeBinary.multirange(type.name(), codec(type.partOid(), around));
      case COMPOSITE -> composite(type, around);
    };
  }

  private Codec composite(TypeDescription type, Set<Integer> around) {
    List<Codec> columns = new ArrayList<>();
    for (Column column : type.columns()) {
      columns.add(codec(column.typeOid(), around));
    }
    return CompositeCodec.of(type, columns, lenient);
  }

  /** What was contributed cannot print, so that there is no binary format of arrays of it. */
  private static Codec contributed(ValueCodec codec) {
    return new Codec(codec.text(), codec.binary().orElse(null));
  }
}
