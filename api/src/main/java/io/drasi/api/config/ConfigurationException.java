package io.drasi.api.config;

import java.util.List;

/** Options that cannot be used. Names every mistake, so that all can be mended at once. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String[] problems;

  /**
   * Options that cannot be used.
   *
   * @param problems a line per mistake: the key, what was found, what is allowed
   */
  public ConfigurationException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = problems.toArray(String[]::new);
  }

  /** A line per mistake: the key, what was found, what is allowed. */
  public List<String> problems() {
    return List.of(problems);
  }

  /**
   * The same mistakes, as of options that stand in a group.
   *
   * @param group the group's key
   */
  public ConfigurationException within(String group) {
    var outer = new ConfigurationException(problems().stream().map(p -> group + "." + p).toList());
    outer.initCause(this);
    return outer;
  }
}
