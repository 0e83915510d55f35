package io.drasi.bench.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Looks at messages of the output plugin as little as a reader that throws them away can: at the
 * first byte, to count rows and to see the marker. Confined to one thread.
 */
final class RawMessages {
  private static final int DUE_COLUMN = 1;

  private final Meter meter;
  private final boolean latency;
  private int markerOid;
  private long rows;
  private boolean ended;

  RawMessages(Task task, Meter meter) {
    this.meter = meter;
    this.latency = task.latency();
  }

  /** Takes a message; the buffer stands at its first byte. */
  void accept(ByteBuffer message) {
    meter.addBytes(message.remaining());
    switch (message.get(message.position())) {
      case 'I' -> insert(message);
      case 'U', 'D' -> row();
      case 'R' -> relation(message);
      default -> {}
    }
  }

  private void row() {
    meter.begin();
    rows++;
  }

  private void insert(ByteBuffer message) {
    int oid = message.getInt(message.position() + 1);
    if (oid == markerOid) {
      ended = true;
      return;
    }
    row();
    if (latency) {
      due(message);
    }
  }

  /** Skips type, oid, marker and count; then each column has kind, length and text. */
  private void due(ByteBuffer message) {
    ByteBuffer in = message.duplicate().position(message.position() + 8);
    String due = "";
    String measured = "";
    for (int column = 0; column <= DUE_COLUMN + 1; column++) {
      in.get();
      byte[] text = new byte[in.getInt()];
      in.get(text);
      if (column == DUE_COLUMN) {
        due = new String(text, StandardCharsets.ISO_8859_1);
      } else {
        measured = new String(text, StandardCharsets.ISO_8859_1);
      }
    }
    if (measured.equals("t")) {
      meter.delivered(Long.parseLong(due));
    }
  }

  private void relation(ByteBuffer message) {
    byte[] bytes = new byte[message.remaining()];
    message.duplicate().get(bytes);
    if (new String(bytes, StandardCharsets.ISO_8859_1).contains("\0" + Task.MARKER + "\0")) {
      markerOid = message.getInt(message.position() + 1);
    }
  }

  long rows() {
    return rows;
  }

  /** Whether the marker has come. */
  boolean ended() {
    return ended;
  }
}
