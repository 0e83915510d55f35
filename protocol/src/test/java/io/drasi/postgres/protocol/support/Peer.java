package io.drasi.postgres.protocol.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The client's end of a connection, as a script sees it. Confined to the script's thread. */
public final class Peer {
  private Socket socket;
  private DataInputStream in;
  private OutputStream out;

  Peer(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /**
   * A message of the client.
   *
   * @param type its type
   * @param hex its body
   */
  public record Received(char type, String hex) {
    /** The body as text, zero bytes shown as |. */
    public String text() {
      return new String(ServerMessages.hex(hex), UTF_8).replace('\0', '|');
    }

    @Override
    public String toString() {
      return type + " " + text();
    }
  }

  /** Sends bytes. */
  public void send(byte[]... bytes) throws IOException {
    out.write(ServerMessages.concat(bytes));
    out.flush();
  }

  /** The body of a message without type, which opens every connection. */
  public byte[] firstMessage() throws IOException {
    int length = in.readInt();
    byte[] body = new byte[length - 4];
    in.readFully(body);
    return body;
  }

  /** The parameters of StartupMessage, in order. */
  public Map<String, String> startUp() throws IOException {
    byte[] body = firstMessage();
    assertThat(Arrays.copyOf(body, 4)).isEqualTo(ServerMessages.hex("00 03 00 00"));
    assertThat(body).endsWith(new byte[] {0, 0});
    String[] texts = new String(body, 4, body.length - 6, UTF_8).split("\0", -1);
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < texts.length; i += 2) {
      parameters.put(texts[i], texts[i + 1]);
    }
    return parameters;
  }

  /** SSLRequest, answered. */
  public void answerSslRequest(byte... answer) throws IOException {
    assertThat(firstMessage()).isEqualTo(ServerMessages.hex("04 D2 16 2F"));
    send(answer);
  }

  /** Shakes hands as a TLS server. */
  public void upgrade(SSLContext context) throws IOException {
    upgrade(context, tls -> {});
  }

  /** Shakes hands as a TLS server with further settings; gives what was agreed on. */
  public SSLSocket upgrade(SSLContext context, Consumer<SSLSocket> settings) throws IOException {
    var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, null, false);
    settings.accept(tls);
    tls.startHandshake();
    socket = tls;
    in = new DataInputStream(tls.getInputStream());
    out = tls.getOutputStream();
    return tls;
  }

  /** Lets the client in without a password. */
  public void logIn(String version) throws IOException {
    startUp();
    send(ServerMessages.authenticationOk(), ServerMessages.started(version));
  }

  /** The next message. */
  public Received receive() throws IOException {
    char type = (char) in.readUnsignedByte();
    return new Received(type, HexFormat.of().formatHex(firstMessage()));
  }

  /** The next message, which must be a Query. */
  public String query() throws IOException {
    Received message = receive();
    assertThat(message.type()).isEqualTo('Q');
    assertThat(message.text()).endsWith("|");
    return message.text().substring(0, message.text().length() - 1);
  }

  /** Answers the next query, whatever it is. */
  public void answer(byte[]... messages) throws IOException {
    query();
    send(messages);
  }

  /** Waits for Terminate and the end of the connection. */
  public void expectTerminate() throws IOException {
    assertThat(receive()).isEqualTo(new Received('X', ""));
    expectEnd();
  }

  /** Waits for the end of the connection, before which nothing more must come. */
  public void expectEnd() throws IOException {
    assertThat(in.read()).isEqualTo(-1);
  }

  /** Reads until the connection ends, however it does. */
  public void awaitEnd() {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      assertThat(e).isNotInstanceOf(SocketTimeoutException.class);
    }
  }

  /** Whether the client leaves within so long. */
  public boolean leavesWithin(Duration patience) throws IOException {
    socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    } finally {
      if (!socket.isClosed()) {
        socket.setSoTimeout(0);
      }
    }
  }

  /** Cuts the connection, beneath TLS too. */
  public void close() throws IOException {
    socket.close();
  }
}
