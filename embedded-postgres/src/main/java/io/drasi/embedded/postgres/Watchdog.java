package io.drasi.embedded.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A process that outlives this one and removes the server when this one was killed without a chance
 * to do so itself. It learns of that by the end of its input, and ends with it.
 */
final class Watchdog implements AutoCloseable {
  private static final String SCRIPT =
      """
      trap '' HUP INT TERM
      cat > /dev/null
      [ -d "$1" ] || exit 0
      if [ -e "$2" ]; then
        kill -QUIT "$(head -n 1 "$2")"
        tries=0
        while [ -e "$2" ] && [ "$tries" -lt 10 ]; do
          sleep 1
          tries=$((tries + 1))
        done
      fi
      rm -rf "$1"
      """;

  private final Process process;

  private Watchdog(Process process) {
    this.process = process;
  }

  /**
   * Starts to watch.
   *
   * @param folder what to remove; once it is gone there is nothing left to do
   * @param pidFile where the server's process id stands while the server lives
   */
  static Watchdog start(Path folder, Path pidFile) throws IOException {
    var builder =
        new ProcessBuilder("sh", "-c", SCRIPT, "sh", folder.toString(), pidFile.toString())
            .directory(new File("/"))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    return new Watchdog(builder.start());
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroyForcibly();
    }
    process.onExit().join();
  }
}
