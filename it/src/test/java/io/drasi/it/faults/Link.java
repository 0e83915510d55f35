package io.drasi.it.faults;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection through the {@link FaultProxy}, with a thread for each direction. */
final class Link {
  private static final int FRAGMENTED_BYTES = 3000;
  private static final int SLOW_BYTES = 8000;
  private static final int SLOW_CHUNK = 40;

  /**
   * In the end TCP itself tells the server that a client has gone. It needs that where it has a
   * part of a message: it waits for the rest, whatever {@code wal_sender_timeout} says.
   */
  private static final int SERVER_KEEPALIVE_MILLIS = 4000;

  private final FaultProxy proxy;
  private final Socket client;
  private final Socket server;
  private final Conversation conversation = new Conversation();
  private volatile boolean clientGone;
  private volatile @Nullable Runnable atAnswer;

  /** What comes from there is not passed on any more. */
  private final Set<Direction> swallowed =
      Collections.synchronizedSet(EnumSet.noneOf(Direction.class));

  Link(FaultProxy proxy, Socket client, Socket server) throws IOException {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
  }

  /** Whether the client has not closed it. */
  boolean isOpen() {
    return !clientGone && !client.isClosed();
  }

  /** Closes both sides. */
  void close() throws IOException {
    client.close();
    server.close();
  }

  /** Passes on what goes in a direction until it ends. */
  void pump(Direction direction) throws IOException, InterruptedException {
    Socket from = direction == Direction.TO_SERVER ? client : server;
    Socket to = direction == Direction.TO_SERVER ? server : client;
    var in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
    var framer = new Framer(in, direction, conversation);
    try {
      pump(direction, framer, new Pace(to.getOutputStream()));
      in.transferTo(OutputStream.nullOutputStream()); // a swallowed direction has an end, too
    } finally {
      clientGone |= direction == Direction.TO_SERVER;
      if (!isSwallowed(direction)) {
        close();
      } else if (direction == Direction.TO_SERVER) {
        TimeUnit.MILLISECONDS.sleep(SERVER_KEEPALIVE_MILLIS);
        server.close();
      }
    }
  }

  private void pump(Direction direction, Framer framer, Pace pace)
      throws IOException, InterruptedException {
    Optional<Frame> next = framer.next();
    while (next.isPresent() && !isSwallowed(direction)) {
      Frame frame = next.get();
      Optional<Fault> fault = proxy.faultAt(new Place(conversation.role, direction, frame.name()));
      Runnable answered = direction == Direction.TO_CLIENT ? atAnswer : null;
      if (answered != null) {
        end(answered);
      } else if (fault.isPresent() && proxy.strike().isPresent()) {
        run(proxy.strike().get(), fault.get(), frame, pace);
      } else if (fault.isPresent()) {
        strike(fault.get(), direction, frame.bytes(), pace);
      } else {
        pace.write(frame.bytes(), 0, frame.bytes().length);
      }
      next = isSwallowed(direction) ? Optional.empty() : framer.next();
    }
  }

  private void run(Runnable strike, Fault fault, Frame frame, Pace pace)
      throws IOException, InterruptedException {
    if (fault.spot() == Fault.Spot.BEFORE) {
      end(strike);
      return;
    }
    boolean hasAnswer = frame.name().startsWith("Query.");
    if (hasAnswer) {
      atAnswer = strike;
    }
    pace.write(frame.bytes(), 0, frame.bytes().length);
    if (!hasAnswer) {
      end(strike);
    }
  }

  private void end(Runnable strike) throws IOException {
    strike.run();
    end();
  }

  private void strike(Fault fault, Direction direction, byte[] message, Pace pace)
      throws IOException, InterruptedException {
    int offset = fault.offset(message.length);
    if (fault.kind() == FaultKind.CORRUPTION) {
      fault.corrupt(message);
      offset = 0;
    }
    pace.write(message, 0, offset);
    switch (fault.kind()) {
      case CUT -> end();
      case RESET -> reset();
      case HALF_OPEN -> swallow(direction);
      case BLACK_HOLE -> {
        swallow(Direction.TO_CLIENT);
        swallow(Direction.TO_SERVER);
      }
      case FRAGMENTS -> pace.set(1, FRAGMENTED_BYTES, 0);
      case SLOW -> pace.set(SLOW_CHUNK, SLOW_BYTES, 2);
      case DELAY -> TimeUnit.MILLISECONDS.sleep(100 + new Random(fault.seed()).nextInt(400));
      case CORRUPTION -> {}
    }
    if (fault.kind().isHarmless() || fault.kind() == FaultKind.CORRUPTION) {
      pace.write(message, offset, message.length - offset);
    }
  }

  /** Both read the end of the stream; what they still send is not passed on. */
  private void end() throws IOException {
    swallow(Direction.TO_CLIENT);
    swallow(Direction.TO_SERVER);
    client.shutdownOutput();
    server.shutdownOutput();
  }

  private void reset() throws IOException {
    client.setSoLinger(true, 0);
    server.setSoLinger(true, 0);
    close();
  }

  private void swallow(Direction direction) {
    swallowed.add(direction);
  }

  private boolean isSwallowed(Direction direction) {
    return swallowed.contains(direction);
  }
}
