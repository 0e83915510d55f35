package io.drasi.postgres.decoder.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/types.md} says what the code does. */
class TypesDocumentTest {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** The names of types in the table, with what their values are. */
  private static Map<String, String> documented() throws IOException {
    Map<String, String> forms = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/types.md"))) {
      String[] cells = line.split("\\|", -1);
      if (line.startsWith("## ") && !line.equals("## Values")) {
        return forms;
      }
      if (cells.length >= 3) {
        for (String type : codes(cells[1])) {
          assertThat(forms.put(type, codes(cells[2]).get(0))).as(type).isNull();
        }
      }
    }
    return forms;
  }

  private static List<String> codes(String cell) {
    return CODE.matcher(cell).results().map(match -> match.group(1)).toList();
  }

  @Test
  void theTableNamesEveryTypeAndWhatItsValuesAre() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    BuiltInTypes.forms().forEach((type, form) -> expected.put(type, form.getSimpleName()));
    ExtensionTypes.names()
        .forEach(type -> expected.put(type, type.equals("hstore") ? "Object" : "Text"));
    assertThat(documented()).isEqualTo(expected);
  }
}
