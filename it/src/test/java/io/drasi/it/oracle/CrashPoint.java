package io.drasi.it.oracle;

import java.security.Permission;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Ends the JVM at once, as a kill does, just before it touches a file: a security manager is asked
 * each time a file is opened, moved or deleted, and so knows the moment without a hook in the
 * product. Works up to JDK 23.
 */
@SuppressWarnings("removal") // nothing else is asked
public final class CrashPoint extends SecurityManager {
  private static final String PROPERTY = "killed.before";

  private final String action;
  private final Pattern file;
  private final AtomicInteger left;

  private CrashPoint(String action, Pattern file, int occurrence) {
    this.action = action;
    this.file = file;
    this.left = new AtomicInteger(occurrence);
  }

  /**
   * Sets it up where the property says so: what is done to the file (read, write, delete), at which
   * occurrence, and an expression for its whole path.
   */
  static void establish() {
    String where = System.getProperty(PROPERTY);
    if (where != null) {
      String[] parts = where.split(" ", 3);
      System.setSecurityManager(
          new CrashPoint(parts[0], Pattern.compile(parts[2]), Integer.parseInt(parts[1])));
    }
  }

  /** What a JVM is told to be ended at such a point. */
  public static List<String> options(String where) {
    return List.of("-Djava.security.manager=allow", "-D%s=%s".formatted(PROPERTY, where));
  }

  private void look(String what, String name) {
    if (what.equals(action) && file.matcher(name).matches() && left.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(128 + 9);
    }
  }

  @Override
  public void checkRead(String name) {
    look("read", name);
  }

  @Override
  public void checkWrite(String name) {
    look("write", name);
  }

  @Override
  public void checkDelete(String name) {
    look("delete", name);
  }

  @Override
  public void checkPermission(Permission permission) {
    // Everything is allowed.
  }
}
