package io.drasi.postgres.protocol.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message from the server. Components are declared in wire order. CopyData is not among them: its
 * content is read where it lies.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Manual,
 *     Message Formats</a>
 */
public sealed interface BackendMessage {

  /** AuthenticationOk ('R' 0). */
  record AuthenticationOk() implements BackendMessage {}

  /** AuthenticationCleartextPassword ('R' 3). */
  record AuthenticationCleartextPassword() implements BackendMessage {}

  /** AuthenticationMD5Password ('R' 5). Its salt is not kept: the method is refused. */
  record AuthenticationMd5Password() implements BackendMessage {}

  /**
   * AuthenticationSASL ('R' 10).
   *
   * @param mechanisms what the server offers, in its order of preference
   */
  record AuthenticationSasl(List<String> mechanisms) implements BackendMessage {
    public AuthenticationSasl {
      mechanisms = List.copyOf(mechanisms);
    }
  }

  /**
   * AuthenticationSASLContinue ('R' 11).
   *
   * @param challenge the mechanism's data
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
  record AuthenticationSaslContinue(byte[] challenge) implements BackendMessage {}

  /**
   * AuthenticationSASLFinal ('R' 12).
   *
   * @param outcome the mechanism's data
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on at once, never compared
  record AuthenticationSaslFinal(byte[] outcome) implements BackendMessage {}

  /**
   * Any other request for authentication ('R').
   *
   * @param code the method's number
   */
  record AuthenticationOther(int code) implements BackendMessage {}

  /**
   * BackendKeyData ('K').
   *
   * @param processId the server process
   * @param secretKey what a CancelRequest must show; 4 bytes up to protocol 3.0
   */
  record BackendKeyData(int processId, int secretKey) implements BackendMessage {
    /** Without the key. */
    @Override
    public String toString() {
      return "BackendKeyData[processId=%d]".formatted(processId);
    }
  }

  /**
   * ParameterStatus ('S').
   *
   * @param name the setting
   * @param value its value
   */
  record ParameterStatus(String name, String value) implements BackendMessage {}

  /**
   * NegotiateProtocolVersion ('v').
   *
   * @param minorVersion the newest minor version the server has
   * @param unknownOptions the protocol options it does not know
   */
  record NegotiateProtocolVersion(int minorVersion, List<String> unknownOptions)
      implements BackendMessage {
    public NegotiateProtocolVersion {
      unknownOptions = List.copyOf(unknownOptions);
    }
  }

  /**
   * ReadyForQuery ('Z').
   *
   * @param transactionStatus 'I' idle, 'T' in a transaction, 'E' in a failed one
   */
  record ReadyForQuery(byte transactionStatus) implements BackendMessage {}

  /**
   * RowDescription ('T').
   *
   * @param columns the columns of the rows that follow
   */
  record RowDescription(List<Column> columns) implements BackendMessage {
    public RowDescription {
      columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param name its name
     * @param typeOid its type
     */
    public record Column(String name, int typeOid) {}
  }

  /**
   * DataRow ('D'), in text format.
   *
   * @param values a value for each column, null for NULL
   */
  record DataRow(List<@Nullable String> values) implements BackendMessage {}

  /**
   * CommandComplete ('C').
   *
   * @param tag what was done: {@code SELECT 3}
   */
  record CommandComplete(String tag) implements BackendMessage {}

  /** EmptyQueryResponse ('I'). */
  record EmptyQueryResponse() implements BackendMessage {}

  /**
   * CopyInResponse ('G'), CopyOutResponse ('H') or CopyBothResponse ('W').
   *
   * @param direction which of them
   * @param binary whether the data is in binary format
   * @param columns how many columns each row has
   */
  record CopyResponse(Direction direction, boolean binary, int columns) implements BackendMessage {
    /** Which way the data flows. */
    public enum Direction {
      /** To the server. */
      IN,
      /** From the server. */
      OUT,
      /** Both ways: a replication stream. */
      BOTH
    }
  }

  /** CopyDone ('c'). */
  record CopyDone() implements BackendMessage {}

  /**
   * ErrorResponse ('E').
   *
   * @param report what the server says
   */
  record ErrorResponse(ServerReport report) implements BackendMessage {}

  /**
   * NoticeResponse ('N').
   *
   * @param report what the server says
   */
  record NoticeResponse(ServerReport report) implements BackendMessage {}

  /**
   * NotificationResponse ('A').
   *
   * @param processId the process that notifies
   * @param channel the channel
   * @param payload the payload
   */
  record NotificationResponse(int processId, String channel, String payload)
      implements BackendMessage {}
}
