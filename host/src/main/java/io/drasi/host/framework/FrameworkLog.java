package io.drasi.host.framework;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.apache.felix.framework.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What the framework and FileInstall have to say, which would else go to the standard output: to
 * the log, in one line. A stack trace is for those who want to know everything.
 */
final class FrameworkLog extends Logger {
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(FrameworkLog.class);

  /** FileInstall's logger, kept here as java.util.logging does not. */
  private static final java.util.logging.Logger FILE_INSTALL =
      java.util.logging.Logger.getLogger("fileinstall");

  FrameworkLog() {
    setLogLevel(LOG_WARNING);
  }

  @Override
  protected void doLog(int level, String message, @Nullable Throwable cause) {
    tell(level, message, cause);
  }

  private static void tell(int level, String message, @Nullable Throwable cause) {
    String line = cause == null ? message : message + ": " + messageOf(cause);
    if (level == LOG_ERROR) {
      log.error(line);
    } else if (level == LOG_WARNING) {
      log.warn(line);
    } else {
      log.debug(line);
    }
    if (cause != null) {
      log.debug("in full", cause);
    }
  }

  private static String messageOf(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }

  /** Takes what FileInstall logs by java.util.logging. */
  static void takeFileInstall() {
    FILE_INSTALL.setUseParentHandlers(false);
    for (Handler handler : FILE_INSTALL.getHandlers()) {
      FILE_INSTALL.removeHandler(handler);
    }
    FILE_INSTALL.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            boolean isError = entry.getLevel().intValue() >= Level.SEVERE.intValue();
            tell(isError ? LOG_ERROR : LOG_WARNING, entry.getMessage(), entry.getThrown());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
  }
}
