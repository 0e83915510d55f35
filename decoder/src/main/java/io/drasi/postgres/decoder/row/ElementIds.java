package io.drasi.postgres.decoder.row;

import io.drasi.api.change.ElementValue;
import io.drasi.api.change.PropertyNames;
import io.drasi.postgres.decoder.value.CanonicalText;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The element ids of one table's rows. Two rows with different keys never share one.
 *
 * <ul>
 *   <li>A key of one column: its {@linkplain CanonicalText canonical text}; NULL is {@code \N}, and
 *       a text that begins with a backslash gets one more in front.
 *   <li>A key of several columns: their texts in key order, joined by {@code _}, with {@code _} and
 *       {@code \} within a text escaped by {@code \}; NULL is {@code \N}.
 *   <li>No key: a name-based UUID.
 * </ul>
 */
final class ElementIds {
  private static final String NULL_PART = "\\N";

  private final TableName table;
  private final String prefix;
  private final PropertyNames names;
  private final int[] key;
  private final RowIdentity identity;

  /** All columns in the order of their names, which does not depend on how the table was made. */
  private final int[] byName;

  ElementIds(
      TableName table, String prefix, PropertyNames names, List<Integer> key, boolean fullRows) {
    this.table = table;
    this.prefix = prefix;
    this.names = names;
    this.key = key.stream().mapToInt(Integer::intValue).toArray();
    if (this.key.length > 0) {
      this.identity = RowIdentity.KEY;
    } else {
      this.identity = fullRows ? RowIdentity.WHOLE_ROW : RowIdentity.POSITION;
    }
    this.byName =
        IntStream.range(0, names.size())
            .boxed()
            .sorted(Comparator.comparing(names::name))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  RowIdentity identity() {
    return identity;
  }

  /** The key's columns; not to be changed. */
  int[] key() {
    return key;
  }

  /** Whether two rows of the table have the same id, as far as their values tell. */
  boolean same(@Nullable ElementValue[] one, @Nullable ElementValue[] other) {
    return switch (identity) {
      case KEY -> sameKey(one, other);
      case WHOLE_ROW -> Arrays.equals(one, other);
      case POSITION -> true;
    };
  }

  private boolean sameKey(@Nullable ElementValue[] one, @Nullable ElementValue[] other) {
    for (int column : key) {
      if (!Objects.equals(one[column], other[column])) {
        return false;
      }
    }
    return true;
  }

  /**
   * A row's id.
   *
   * @param origin where the row comes from: {@code stream} or {@code snapshot}
   * @throws ProtocolException when a value that the id is made of was not sent
   */
  String id(@Nullable ElementValue[] row, String origin, TransactionContext context, long ordinal)
      throws ProtocolException {
    return switch (identity) {
      case KEY -> key.length == 1 ? singleKeyId(row) : compositeKeyId(row);
      case WHOLE_ROW -> prefix + wholeRowUuid(row);
      case POSITION -> prefix + positionUuid(origin, context, ordinal);
    };
  }

  private String singleKeyId(@Nullable ElementValue[] row) throws ProtocolException {
    ElementValue value = require(row, key[0]);
    if (value instanceof ElementValue.Integer integer) {
      return prefix + integer.value();
    }
    if (value == ElementValue.Null.NULL) {
      return prefix + NULL_PART;
    }
    String text = CanonicalText.of(value);
    return text.startsWith("\\") ? prefix + '\\' + text : prefix + text;
  }

  private String compositeKeyId(@Nullable ElementValue[] row) throws ProtocolException {
    StringBuilder id = new StringBuilder(prefix.length() + 16 * key.length).append(prefix);
    for (int i = 0; i < key.length; i++) {
      if (i > 0) {
        id.append('_');
      }
      appendPart(id, require(row, key[i]));
    }
    return id.toString();
  }

  private static void appendPart(StringBuilder id, ElementValue value) {
    if (value instanceof ElementValue.Integer integer) {
      id.append(integer.value());
    } else if (value == ElementValue.Null.NULL) {
      id.append(NULL_PART);
    } else {
      id.append(TableName.escaped(CanonicalText.of(value), "_\\"));
    }
  }

  private UUID wholeRowUuid(@Nullable ElementValue[] row) throws ProtocolException {
    NameBasedUuid uuid = new NameBasedUuid();
    for (int column : byName) {
      ElementValue value = require(row, column);
      if (value != ElementValue.Null.NULL) {
        uuid.add(names.name(column)).add(CanonicalText.of(value));
      }
    }
    return uuid.build();
  }

  private static UUID positionUuid(String origin, TransactionContext context, long ordinal) {
    return new NameBasedUuid()
        .add(origin)
        .add(context.systemIdentifier())
        .add(context.endLsn().toString())
        .add(Long.toString(ordinal))
        .build();
  }

  private ElementValue require(@Nullable ElementValue[] row, int column) throws ProtocolException {
    ElementValue value = row[column];
    if (value == null) {
      throw new ProtocolException(
          "%s: column %s tells rows apart, but was not sent".formatted(table, names.name(column)));
    }
    return value;
  }
}
