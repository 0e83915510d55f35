package io.drasi.api.config;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Replaces {@code ${NAME}} and {@code ${NAME:-default}} by what the environment holds. */
final class Substitution {
  private static final String REMEDY = "; write $${ for a literal ${";

  private final UnaryOperator<@Nullable String> environment;

  Substitution(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /** A text holds a reference that cannot be followed. The message shows nothing of the text. */
  static final class UnresolvedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String variable;

    private UnresolvedException(String reason, String variable) {
      super(reason);
      this.variable = variable;
    }

    /** What is wrong, with the name of the variable where it is known: a part of the text. */
    String messageWithName() {
      return variable.isEmpty()
          ? String.valueOf(getMessage())
          : "the environment variable %s is not set".formatted(variable);
    }
  }

  String resolve(String text) throws UnresolvedException {
    var resolved = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("$${", at)) {
        resolved.append("${");
        at += 3;
      } else if (text.startsWith("${", at)) {
        int end = text.indexOf('}', at);
        if (end < 0) {
          throw new UnresolvedException("has a ${ without its }" + REMEDY, "");
        }
        resolved.append(value(text.substring(at + 2, end)));
        at = end + 1;
      } else {
        resolved.append(text.charAt(at++));
      }
    }
    return resolved.toString();
  }

  private String value(String reference) throws UnresolvedException {
    int separator = reference.indexOf(":-");
    String name = separator < 0 ? reference : reference.substring(0, separator);
    if (name.isBlank()) {
      throw new UnresolvedException("has a ${} without a name" + REMEDY, "");
    }
    if (reference.contains("${")) {
      throw new UnresolvedException("has a ${ within a ${}, which has no meaning" + REMEDY, "");
    }
    String value = environment.apply(name);
    if (value != null && (separator < 0 || !value.isEmpty())) {
      return value;
    }
    if (separator >= 0) {
      return reference.substring(separator + 2);
    }
    throw new UnresolvedException(
        "refers to an environment variable that is not set" + REMEDY, name);
  }
}
