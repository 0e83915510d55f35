package io.drasi.postgres.protocol.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Reads the fields of one message, in order. Every method names the field it reads, so that a
 * message that is too short says where. Strict: text must be UTF-8 unless the method says
 * otherwise, and {@link #finish} requires that nothing is left over. Numbers are in network byte
 * order.
 *
 * <p>Confined to one thread. Can be {@linkplain #reset reused} for the next message.
 */
public final class FieldReader {
  private static final long MICROS_PER_SECOND = 1_000_000;

  /** 2000-01-01T00:00:00Z, PostgreSQL's epoch, in seconds of the Unix epoch. */
  private static final long EPOCH_SECOND = 946_684_800;

  private byte[] bytes;
  private int position;
  private int limit;

  /** A reader of a whole array, which is not copied. */
  public FieldReader(byte[] message) {
    this(message, 0, message.length);
  }

  /** A reader of part of an array, which is not copied. */
  public FieldReader(byte[] array, int from, int to) {
    this.bytes = array;
    this.position = from;
    this.limit = to;
  }

  /** Starts over with another message, given as part of an array, which is not copied. */
  public void reset(byte[] array, int from, int to) {
    bytes = array;
    position = from;
    limit = to;
  }

  /** How many bytes are left. */
  public int remaining() {
    return limit - position;
  }

  /** Where the next field starts in the array. */
  public int position() {
    return position;
  }

  /** The array that is read from; not to be changed. */
  public byte[] array() {
    return bytes;
  }

  /** Int8. */
  public byte readByte(String field) throws ProtocolException {
    require(1, field);
    return bytes[position++];
  }

  /** Int16, signed. */
  public short readInt16(String field) throws ProtocolException {
    require(2, field);
    int at = position;
    position += 2;
    return (short) ((bytes[at] << 8) | (bytes[at + 1] & 0xFF));
  }

  /** Int32, signed. */
  public int readInt32(String field) throws ProtocolException {
    require(4, field);
    int at = position;
    position += 4;
    return (bytes[at] << 24)
        | ((bytes[at + 1] & 0xFF) << 16)
        | ((bytes[at + 2] & 0xFF) << 8)
        | (bytes[at + 3] & 0xFF);
  }

  /** Int64, signed. */
  public long readInt64(String field) throws ProtocolException {
    require(8, field);
    long high = readInt32(field);
    return (high << 32) | (readInt32(field) & 0xFFFF_FFFFL);
  }

  /** An Int16 that counts something and cannot be negative. */
  public int readCount(String field) throws ProtocolException {
    int count = readInt16(field);
    if (count < 0) {
      throw new ProtocolException("%s must not be negative, was %d".formatted(field, count));
    }
    return count;
  }

  /** An Int32 that is the length of what follows in this message. */
  public int readLength(String field) throws ProtocolException {
    int length = readInt32(field);
    if (length < 0 || length > remaining()) {
      throw new ProtocolException(
          "%s must be from 0 to the %d bytes left, was %d".formatted(field, remaining(), length));
    }
    return length;
  }

  /** Int64 as a log sequence number. */
  public Lsn readLsn(String field) throws ProtocolException {
    return new Lsn(readInt64(field));
  }

  /** Int64 as microseconds since 2000-01-01, exact. */
  public Instant readTimestamp(String field) throws ProtocolException {
    long micros = readInt64(field);
    return Instant.ofEpochSecond(
        EPOCH_SECOND + Math.floorDiv(micros, MICROS_PER_SECOND),
        Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
  }

  /** A string that ends with a zero byte. */
  public String readString(String field) throws ProtocolException {
    int end = endOfString(field);
    String text = decode(position, end - position, field);
    position = end + 1;
    return text;
  }

  /**
   * A string that ends with a zero byte, in whatever encoding: what is not UTF-8 becomes U+FFFD.
   * For what is only shown to people.
   */
  public String readStringLeniently(String field) throws ProtocolException {
    int end = endOfString(field);
    String text = new String(bytes, position, end - position, StandardCharsets.UTF_8);
    position = end + 1;
    return text;
  }

  private int endOfString(String field) throws ProtocolException {
    int end = position;
    while (end < limit && bytes[end] != 0) {
      end++;
    }
    if (end == limit) {
      throw new ProtocolException("%s has no terminating zero byte".formatted(field));
    }
    return end;
  }

  /** A string of a length that is known. */
  public String readText(int length, String field) throws ProtocolException {
    require(length, field);
    String text = decode(position, length, field);
    position += length;
    return text;
  }

  /** A copy of so many bytes. */
  public byte[] readBytes(int length, String field) throws ProtocolException {
    require(length, field);
    byte[] copy = new byte[length];
    System.arraycopy(bytes, position, copy, 0, length);
    position += length;
    return copy;
  }

  /** Passes over so many bytes. */
  public void skip(int length, String field) throws ProtocolException {
    require(length, field);
    position += length;
  }

  /**
   * Ends the message.
   *
   * @throws ProtocolException when something is left over
   */
  public void finish(String message) throws ProtocolException {
    if (position != limit) {
      throw new ProtocolException("%s has %d bytes too many".formatted(message, limit - position));
    }
  }

  private void require(int length, String field) throws ProtocolException {
    if (length < 0 || length > limit - position) {
      throw new ProtocolException(
          "%s needs %d bytes, but %d are left".formatted(field, length, limit - position));
    }
  }

  private String decode(int from, int length, String field) throws ProtocolException {
    for (int i = from; i < from + length; i++) {
      if (bytes[i] < 0) {
        return decodeUtf8(from, length, field);
      }
    }
    return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
  }

  private String decodeUtf8(int from, int length, String field) throws ProtocolException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, from, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new ProtocolException("%s is not valid UTF-8".formatted(field));
    }
  }
}
