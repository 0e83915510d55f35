package io.drasi.it.types;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Numbers, characters, bits: from the whole domain of their types, the ends more often. */
final class BaseValues {
  private static final String CHARACTERS =
      "abcXYZ019 \t\n\r\u000b\f\b\"'\\{}()[],;:=><@%&|!*_-./äßñ日本語😀\u00a0\u200b\ufeff\u2028";

  private BaseValues() {}

  /** One of some, in a third of all cases. */
  static Function<Random, String> orElse(Function<Random, String> usual, String... special) {
    return random ->
        random.nextInt(3) == 0 ? special[random.nextInt(special.length)] : usual.apply(random);
  }

  static Function<Random, String> integer(int bits) {
    return random -> Long.toString(random.nextLong() >> (64 - bits) >> random.nextInt(bits));
  }

  static Function<Random, String> unsigned(int bits) {
    return random ->
        Long.toUnsignedString(random.nextLong() >>> (64 - bits) >>> random.nextInt(bits));
  }

  static String float4(Random random) {
    float number = Float.intBitsToFloat(random.nextInt());
    return Float.isFinite(number) ? Float.toString(number) : "0.1";
  }

  static String float8(Random random) {
    double number =
        random.nextBoolean()
            ? Double.longBitsToDouble(random.nextLong())
            : random.nextInt(1_000_000) / 1000.0;
    return Double.isFinite(number) ? Double.toString(number) : "0.1";
  }

  static String numeric(Random random) {
    int digits = random.nextInt(4) == 0 ? 400 : 60;
    var unscaled = new BigInteger(1 + random.nextInt(digits * 3), random);
    BigDecimal number = new BigDecimal(unscaled, random.nextInt(digits));
    if (random.nextInt(6) == 0) {
      number =
          number.setScale(0, java.math.RoundingMode.DOWN).scaleByPowerOfTen(random.nextInt(90));
    }
    return (random.nextBoolean() ? "-" : "") + number.toPlainString();
  }

  static String text(Random random) {
    int[] all = CHARACTERS.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(10); i > 0; i--) {
      text.appendCodePoint(
          random.nextInt(10) == 0 ? assigned(random) : all[random.nextInt(all.length)]);
    }
    return text.toString();
  }

  private static int assigned(Random random) {
    int codePoint;
    do {
      codePoint = 1 + random.nextInt(0x10FFFF);
    } while (codePoint >= 0xD800 && codePoint < 0xE000);
    return codePoint;
  }

  static String word(Random random) {
    return IntStream.rangeClosed(0, random.nextInt(6))
        .mapToObj(i -> Character.toString('a' + random.nextInt(26)))
        .collect(Collectors.joining());
  }

  static String json(Random random) {
    return json(random, 3);
  }

  private static String json(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 6)) {
      case 0 -> numeric(random);
      case 1 -> "true";
      case 2 -> "null";
      case 3 -> '"' + word(random) + "\\n\\\"\\u00e4ß" + '"';
      case 4 -> "[" + json(random, depth - 1) + " , " + json(random, depth - 1) + "]";
      default -> "{\"" + word(random) + "\" :  " + json(random, depth - 1) + "}";
    };
  }

  static String bytea(Random random) {
    byte[] bytes = new byte[random.nextInt(12)];
    random.nextBytes(bytes);
    return "\\x" + HexFormat.of().formatHex(bytes);
  }

  static String bits(Random random, int most) {
    return random
        .ints(most, 0, 2)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining())
        .substring(random.nextInt(most));
  }

  static String uuid(Random random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  static String mac(Random random, int bytes) {
    byte[] address = new byte[bytes];
    random.nextBytes(address);
    return HexFormat.ofDelimiter(":").formatHex(address);
  }

  /** An address; many have runs of zeros. */
  static String inet(Random random) {
    boolean four = random.nextBoolean();
    String address =
        four
            ? random.ints(4, 0, 256).mapToObj(Integer::toString).collect(Collectors.joining("."))
            : random
                .ints(8, 0, 0x10000)
                .map(word -> random.nextInt(3) > 0 ? 0 : word)
                .mapToObj(Integer::toHexString)
                .collect(Collectors.joining(":"));
    return random.nextBoolean() ? address : address + "/" + random.nextInt(four ? 33 : 129);
  }

  static String cidr(Random random) {
    return random.nextBoolean()
        ? "%d.%d.0.0/16".formatted(random.nextInt(256), random.nextInt(256))
        : "%x:%x::/32".formatted(random.nextInt(65536), random.nextInt(65536));
  }

  static String point(Random random) {
    return "(%s,%s)".formatted(float8(random), float8(random));
  }

  static String points(Random random) {
    return IntStream.rangeClosed(0, random.nextInt(3))
        .mapToObj(i -> point(random))
        .collect(Collectors.joining(","));
  }

  static String tsvector(Random random) {
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(
            i ->
                lexeme(random) + List.of("", ":1", ":2A,7", ":5C,6D,16383B").get(random.nextInt(4)))
        .collect(Collectors.joining(" "));
  }

  private static String lexeme(Random random) {
    return "'" + word(random) + List.of("", "''", "\\\\", " x").get(random.nextInt(4)) + "'";
  }

  static String tsquery(Random random) {
    return random.nextInt(8) == 0 ? "" : tsquery(random, 4);
  }

  private static String tsquery(Random random, int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return lexeme(random) + List.of("", ":*", ":AB", ":*D").get(random.nextInt(4));
    }
    if (random.nextInt(4) == 0) {
      return "!(" + tsquery(random, depth - 1) + ")";
    }
    String operator = List.of("&", "|", "<->", "<7>").get(random.nextInt(4));
    return "(%s) %s (%s)"
        .formatted(tsquery(random, depth - 1), operator, tsquery(random, depth - 1));
  }
}
