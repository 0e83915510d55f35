package io.drasi.it.types;

import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A type and where its values come from.
 *
 * @param sql how it is named
 * @param value makes a value, as the server reads it; never NULL
 */
public record GeneratedType(String sql, Function<Random, String> value) {

  /** Arrays of the type, of up to three dimensions, at times with bounds of their own. */
  GeneratedType array() {
    return array(",");
  }

  /** Arrays of a type that has another delimiter. */
  GeneratedType array(String delimiter) {
    return new GeneratedType(sql + "[]", random -> new ArrayText(this, delimiter, random).make());
  }

  /** Arrays of one dimension: that of the elements must not be taken for another one. */
  GeneratedType list() {
    return new GeneratedType(
        sql + "[]",
        random ->
            IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> random.nextInt(5) == 0 ? "NULL" : quoted(random))
                .collect(Collectors.joining(",", "{", "}")));
  }

  /** A value within another one, in quotes whether it needs them or not. */
  String quoted(Random random) {
    return quote(value.apply(random));
  }

  static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private record ArrayText(GeneratedType element, String delimiter, Random random) {
    String make() {
      int dimensions = random.nextInt(4);
      if (dimensions == 0) {
        return "{}";
      }
      int[] lengths = new int[dimensions];
      StringBuilder bounds = new StringBuilder();
      for (int i = 0; i < dimensions; i++) {
        lengths[i] = 1 + random.nextInt(3);
        int first = random.nextInt(20) - 10;
        bounds.append('[').append(first).append(':').append(first + lengths[i] - 1).append(']');
      }
      return (random.nextInt(4) == 0 ? bounds + "=" : "") + list(lengths, 0);
    }

    private String list(int[] lengths, int dimension) {
      StringBuilder list = new StringBuilder("{");
      for (int i = 0; i < lengths[dimension]; i++) {
        list.append(i == 0 ? "" : delimiter);
        if (dimension + 1 < lengths.length) {
          list.append(list(lengths, dimension + 1));
        } else {
          list.append(random.nextInt(5) == 0 ? "NULL" : element.quoted(random));
        }
      }
      return list.append('}').toString();
    }
  }
}
