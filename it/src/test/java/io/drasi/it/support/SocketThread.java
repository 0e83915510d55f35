package io.drasi.it.support;

import java.io.IOException;

/** A thread that works on sockets until they are closed. */
final class SocketThread {
  private SocketThread() {}

  /** What it does. */
  interface Work {
    void run() throws IOException;
  }

  /** Starts one. An exception of a socket is how it ends. */
  static void start(String name, Work work) {
    var thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }
}
