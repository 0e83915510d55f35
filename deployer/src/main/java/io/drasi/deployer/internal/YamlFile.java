package io.drasi.deployer.internal;

import io.drasi.api.config.ConfigurationException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A file of options in YAML 1.2.
 *
 * @see <a href="https://yaml.org/spec/1.2.2/">YAML 1.2.2</a>
 */
final class YamlFile {
  private YamlFile() {}

  /**
   * Reads the group of options at the top of a file.
   *
   * @throws ConfigurationException naming the file and what is wrong with it
   */
  static Map<String, Object> read(Path file) {
    Object content = parse(file, textOf(file));
    if (!(content instanceof Map<?, ?> group)) {
      throw mistake(file, "a group of options is needed, such as \"source_type: postgres\"");
    }
    Map<String, Object> options = new LinkedHashMap<>();
    group.forEach((key, value) -> options.put(String.valueOf(key), value));
    return options;
  }

  private static String textOf(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw mistake(file, "there is no such file");
    } catch (AccessDeniedException e) {
      throw mistake(file, "may not be read: permission denied");
    } catch (CharacterCodingException e) {
      throw mistake(file, "is not text in UTF-8");
    } catch (IOException e) {
      throw mistake(
          file, Files.isDirectory(file) ? "is a folder" : "cannot be read: " + e.getMessage());
    }
  }

  private static @Nullable Object parse(Path file, String text) {
    try {
      return new Load(LoadSettings.builder().build()).loadFromString(text);
    } catch (MarkedYamlEngineException e) {
      throw mistake(file, "is not YAML%s: %s".formatted(place(e), firstLine(e.getProblem())));
    } catch (YamlEngineException e) {
      throw mistake(file, "is not YAML: " + firstLine(e.getMessage()));
    }
  }

  private static String place(MarkedYamlEngineException e) {
    return e.getProblemMark()
        .map(mark -> " in line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1))
        .orElse("");
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "it cannot be read" : text.lines().findFirst().orElse("").strip();
  }

  private static ConfigurationException mistake(Path file, String what) {
    return new ConfigurationException(List.of(file + ": " + what));
  }
}
