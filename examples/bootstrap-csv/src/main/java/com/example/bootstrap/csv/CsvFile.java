package com.example.bootstrap.csv;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A CSV file, each of whose records is a node.
 *
 * @param label the label of the nodes; as the stream has it, where both are of one table
 * @param file the file
 * @param keyColumns the columns that tell the records apart, in the order in which they stand in an
 *     element id; at least one
 */
public record CsvFile(String label, Path file, List<String> keyColumns) {
  private static final Pattern FLAT = Pattern.compile("([^()=]+)\\(([^()]+)\\)\\s*=\\s*(\\S.*)");

  public CsvFile {
    keyColumns = List.copyOf(keyColumns);
    if (label.isBlank()) {
      throw new IllegalArgumentException("the label of %s is empty".formatted(file));
    }
    if (keyColumns.isEmpty() || keyColumns.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("the key of %s needs a column".formatted(label));
    }
    if (new HashSet<>(keyColumns).size() != keyColumns.size()) {
      throw new IllegalArgumentException(
          "the key of %s names a column twice: %s".formatted(label, keyColumns));
    }
  }

  /**
   * Reads {@code order_items(order_id, item_id) = data/order_items.csv}.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  public static CsvFile parse(String text) {
    Matcher flat = FLAT.matcher(text.strip());
    if (!flat.matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is not allowed; allowed is label(key column, ...)=file".formatted(text));
    }
    List<String> keyColumns =
        Pattern.compile(",").splitAsStream(flat.group(2)).map(String::strip).toList();
    return new CsvFile(flat.group(1).strip(), Path.of(flat.group(3)), keyColumns);
  }
}
