package com.example.bootstrap.csv.internal;

import com.example.bootstrap.csv.CsvFile;
import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.PropertyNames;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One reading of a CSV file: its header, then a node for each record. Confined to its thread. */
final class CsvTable {
  private final CsvFile file;
  private final String sourceId;
  private final Instant effectiveFrom;
  private final CsvReader reader;
  private final PropertyNames columns;

  /** Reads the header. */
  CsvTable(CsvFile file, String sourceId, Instant effectiveFrom, CsvReader reader)
      throws IOException, MalformedCsvException {
    this.file = file;
    this.sourceId = sourceId;
    this.effectiveFrom = effectiveFrom;
    this.reader = reader;
    this.columns = PropertyNames.of(readHeader());
    for (String keyColumn : file.keyColumns()) {
      if (columns.indexOf(keyColumn) < 0) {
        throw reader.malformed(
            "has no column %s, which is in the key; columns are %s"
                .formatted(keyColumn, String.join(", ", columns.asList())));
      }
    }
  }

  /** The next node; empty at the end. */
  Optional<Element.Node> next() throws IOException, MalformedCsvException {
    Optional<List<ElementValue>> read = reader.next();
    if (read.isEmpty()) {
      return Optional.empty();
    }
    List<ElementValue> fields = read.get();
    if (fields.size() != columns.size()) {
      throw reader.malformed(
          "its number of fields is %d, but the header names %d columns"
              .formatted(fields.size(), columns.size()));
    }
    List<ElementValue> key =
        file.keyColumns().stream().map(column -> fields.get(columns.indexOf(column))).toList();
    var reference = new ElementReference(sourceId, ElementIds.of(file.label(), key));
    return Optional.of(
        new Element.Node(
            ElementMetadata.of(reference, List.of(file.label()), effectiveFrom),
            ElementPropertyMap.of(columns, fields.toArray(ElementValue[]::new))));
  }

  private List<String> readHeader() throws IOException, MalformedCsvException {
    List<ElementValue> fields =
        reader
            .next()
            .orElseThrow(() -> reader.malformed("the header is missing, which names the columns"));
    List<String> names = new ArrayList<>();
    Set<String> distinct = new HashSet<>();
    for (ElementValue field : fields) {
      String name = field instanceof ElementValue.Text text ? text.value() : "";
      names.add(name);
      if (name.isBlank()) {
        throw reader.malformed("has no name for column %d".formatted(names.size()));
      }
      if (!distinct.add(name)) {
        throw reader.malformed("names the column %s twice".formatted(name));
      }
    }
    return names;
  }
}
