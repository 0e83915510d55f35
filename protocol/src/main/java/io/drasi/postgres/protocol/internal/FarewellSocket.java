package io.drasi.postgres.protocol.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

/**
 * A connected socket for TLS to lie upon, whose writes do not fail until {@link #failWrites}. A
 * server that refuses the client's certificate says so and closes, while the client may be writing
 * yet: by its failing TLS would give up, and what the server has said would be lost. So it reads
 * on, up to the end that the server has made.
 */
final class FarewellSocket extends Socket {
  private final Socket tcp;
  private volatile boolean failing;

  FarewellSocket(Socket tcp) {
    this.tcp = tcp;
  }

  /** From now on a write that fails is an exception, as ever. */
  void failWrites() {
    failing = true;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    OutputStream out = tcp.getOutputStream();
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int start, int length) throws IOException {
        try {
          out.write(bytes, start, length);
        } catch (IOException e) {
          if (failing || tcp.isClosed()) {
            throw e;
          }
        }
      }
    };
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return tcp.getInputStream();
  }

  @Override
  public synchronized void close() throws IOException {
    tcp.close();
  }

  @Override
  public void shutdownInput() throws IOException {
    tcp.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    tcp.shutdownOutput();
  }

  @Override
  public boolean isConnected() {
    return tcp.isConnected();
  }

  @Override
  public boolean isBound() {
    return tcp.isBound();
  }

  @Override
  public boolean isClosed() {
    return tcp.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return tcp.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return tcp.isOutputShutdown();
  }

  @Override
  public InetAddress getInetAddress() {
    return tcp.getInetAddress();
  }

  @Override
  public int getPort() {
    return tcp.getPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return tcp.getRemoteSocketAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return tcp.getLocalAddress();
  }

  @Override
  public int getLocalPort() {
    return tcp.getLocalPort();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return tcp.getLocalSocketAddress();
  }

  @Override
  public synchronized void setSoTimeout(int timeoutMillis) throws SocketException {
    tcp.setSoTimeout(timeoutMillis);
  }

  @Override
  public synchronized int getSoTimeout() throws SocketException {
    return tcp.getSoTimeout();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    tcp.setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return tcp.getSoLinger();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    tcp.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return tcp.getTcpNoDelay();
  }
}
