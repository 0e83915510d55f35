package io.drasi.postgres.scram.internal;

import static io.drasi.postgres.scram.internal.StringPrepTables.LEFT_TO_RIGHT;
import static io.drasi.postgres.scram.internal.StringPrepTables.MAPPED_TO_NOTHING;
import static io.drasi.postgres.scram.internal.StringPrepTables.NON_ASCII_SPACES;
import static io.drasi.postgres.scram.internal.StringPrepTables.RIGHT_TO_LEFT;
import static io.drasi.postgres.scram.internal.StringPrepTables.UNASSIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.ongres.saslprep.SASLprep;
import com.ongres.stringprep.Option;
import com.ongres.stringprep.Profile;
import com.ongres.stringprep.Tables;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares with another implementation of SASLprep: the tables over all code points, then texts
 * with every code point that Unicode 3.2 assigns and a sample of the others.
 */
class SaslPrepOracleTest {
  private static final Profile RFC_ORDER = new SASLprep();

  /** Han, Hangul and private use: large ranges of which each member fares as the next one. */
  private static final CodePointSet UNIFORM =
      CodePointSet.of(
          "3400-4DB5 4E00-9FA5 AC00-D7A3 E000-F8FF 20000-2A6D6 F0000-FFFFD 100000-10FFFD");

  /** Checks before it normalizes, as PostgreSQL does. */
  private static final Profile CHECKS_ONLY =
      new Profile() {
        @Override
        public Set<Option> profile() {
          Set<Option> options = EnumSet.copyOf(RFC_ORDER.profile());
          options.remove(Option.NORMALIZE_KC);
          return options;
        }

        @Override
        public int[] additionalMappingTable(int codePoint) {
          return RFC_ORDER.additionalMappingTable(codePoint);
        }
      };

  static Stream<Arguments> tables() {
    return Stream.of(
        table("A.1", UNASSIGNED::contains, Tables::unassignedCodePoints),
        table("B.1", MAPPED_TO_NOTHING::contains, Tables::mapToNothing),
        table("C.1.2", NON_ASCII_SPACES::contains, Tables::prohibitionNonAsciiSpace),
        table("C.2 to C.9", StringPrepTables::isProhibited, SaslPrepOracleTest::isProhibited),
        table("D.1", RIGHT_TO_LEFT::contains, Tables::bidirectionalPropertyRorAL),
        table("D.2", LEFT_TO_RIGHT::contains, Tables::bidirectionalPropertyL));
  }

  private static Arguments table(String name, IntPredicate ours, IntPredicate oracle) {
    return arguments(name, ours, oracle);
  }

  private static boolean isProhibited(int codePoint) {
    return Tables.prohibitionAsciiControl(codePoint)
        || Tables.prohibitionNonAsciiControl(codePoint)
        || Tables.prohibitionPrivateUse(codePoint)
        || Tables.prohibitionNonCharacterCodePoints(codePoint)
        || Tables.prohibitionSurrogateCodes(codePoint)
        || Tables.prohibitionInappropriatePlainText(codePoint)
        || Tables.prohibitionInappropriateCanonicalRepresentation(codePoint)
        || Tables.prohibitionChangeDisplayProperties(codePoint)
        || Tables.prohibitionTaggingCharacters(codePoint);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void hasTheSameTablesAsTheOracle(String name, IntPredicate ours, IntPredicate oracle) {
    IntStream different =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(codePoint -> ours.test(codePoint) != oracle.test(codePoint));
    assertThat(different).as(name).isEmpty();
  }

  /** Where a character stands decides whether its direction is allowed. */
  @ParameterizedTest
  @ValueSource(strings = {"1%s", "a%s", "%sa", "\u05D0%s", "%s\u05D0", "\u05D0%s\u05D0"})
  void agreesWithTheOracleInPostgresOrder(String pattern) {
    List<String> different = differences(pattern, SaslPrepOracleTest::postgresOrder);
    assertThat(different).isEmpty();
  }

  /** Those that 3.2 does not assign apart: they differ by the JDK's version of Unicode. */
  @Test
  void differsFromTheOrderOfTheRfcOnlyWhereNormalizationChangesWhatIsAllowed() {
    var expected =
        CodePointSet.of(
            """
            0340-0341 200B 2135-2138 FC5E-FC63 FE70 FE72 FE74 FE76 FE78 FE7A FE7C FE7E
            """);
    List<String> different = differences("1%s", text -> prepare(RFC_ORDER, text));
    assertThat(different)
        .filteredOn(name -> !UNASSIGNED.contains(codePoint(name)))
        .containsExactlyElementsOf(names(expected::contains));
  }

  private static List<String> differences(
      String pattern, Function<String, Optional<String>> oracle) {
    return names(
        codePoint -> {
          String text = pattern.formatted(Character.toString(codePoint));
          Optional<String> ours = SaslPrep.prepare(text.toCharArray()).map(String::new);
          return !ours.equals(oracle.apply(text));
        });
  }

  private static List<String> names(IntPredicate chosen) {
    var names = new ArrayList<String>();
    IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(codePoint -> codePoint < 0xD800 || codePoint > 0xDFFF)
        .filter(codePoint -> isOrdinary(codePoint) || codePoint % 97 == 0)
        .filter(chosen)
        .forEach(codePoint -> names.add("U+%04X".formatted(codePoint)));
    return names;
  }

  private static boolean isOrdinary(int codePoint) {
    return !UNASSIGNED.contains(codePoint) && !UNIFORM.contains(codePoint);
  }

  private static int codePoint(String name) {
    return Integer.parseInt(name.substring(2), 16);
  }

  /** U+200B is in two tables; PostgreSQL makes it a space, the oracle nothing. */
  private static Optional<String> postgresOrder(String text) {
    return prepare(CHECKS_ONLY, text.replace('\u200B', ' '))
        .map(checked -> Normalizer.normalize(checked, Normalizer.Form.NFKC));
  }

  private static Optional<String> prepare(Profile profile, String text) {
    try {
      return Optional.of(profile.prepareStored(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
