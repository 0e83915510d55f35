package io.drasi.postgres.protocol.message;

import static io.drasi.postgres.protocol.support.ServerMessages.concat;
import static io.drasi.postgres.protocol.support.ServerMessages.hex;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationCleartextPassword;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationMd5Password;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationOk;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationOther;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationSasl;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationSaslContinue;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationSaslFinal;
import io.drasi.postgres.protocol.message.BackendMessage.BackendKeyData;
import io.drasi.postgres.protocol.message.BackendMessage.CommandComplete;
import io.drasi.postgres.protocol.message.BackendMessage.CopyDone;
import io.drasi.postgres.protocol.message.BackendMessage.CopyResponse;
import io.drasi.postgres.protocol.message.BackendMessage.DataRow;
import io.drasi.postgres.protocol.message.BackendMessage.EmptyQueryResponse;
import io.drasi.postgres.protocol.message.BackendMessage.ErrorResponse;
import io.drasi.postgres.protocol.message.BackendMessage.NegotiateProtocolVersion;
import io.drasi.postgres.protocol.message.BackendMessage.NoticeResponse;
import io.drasi.postgres.protocol.message.BackendMessage.NotificationResponse;
import io.drasi.postgres.protocol.message.BackendMessage.ParameterStatus;
import io.drasi.postgres.protocol.message.BackendMessage.ReadyForQuery;
import io.drasi.postgres.protocol.message.BackendMessage.RowDescription;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BackendMessageDecoderTest {
  private static BackendMessage decode(char type, byte[] body) throws ProtocolException {
    return BackendMessageDecoder.decode((byte) type, new FieldReader(body));
  }

  static Stream<Arguments> messages() {
    return Stream.of(
        arguments('R', "00000000", new AuthenticationOk()),
        arguments('R', "00000003", new AuthenticationCleartextPassword()),
        arguments('R', "00000005 AABBCCDD", new AuthenticationMd5Password()),
        arguments(
            'R', "0000000A 61622D5000 616200 00", new AuthenticationSasl(List.of("ab-P", "ab"))),
        arguments('R', "0000000A 00", new AuthenticationSasl(List.of())),
        arguments('K', "00001267 FFFFFFFE", new BackendKeyData(4711, -2)),
        arguments('S', "6100 C3A900", new ParameterStatus("a", "é")),
        arguments(
            'v',
            "00000000 00000001 5F70715F2E7800",
            new NegotiateProtocolVersion(0, List.of("_pq_.x"))),
        arguments('Z', "49", new ReadyForQuery((byte) 'I')),
        arguments('Z', "54", new ReadyForQuery((byte) 'T')),
        arguments('Z', "45", new ReadyForQuery((byte) 'E')),
        arguments('T', "0000", new RowDescription(List.of())),
        arguments(
            'T',
            "0001 696400 00004001 0001 00000017 0004 FFFFFFFF 0000",
            new RowDescription(List.of(new RowDescription.Column("id", 23)))),
        arguments('D', "0000", new DataRow(List.of())),
        arguments(
            'D', "0003 00000001 61 FFFFFFFF 00000000", new DataRow(Arrays.asList("a", null, ""))),
        arguments('C', "53454C454354203300", new CommandComplete("SELECT 3")),
        arguments('I', "", new EmptyQueryResponse()),
        arguments('G', "00 0000", new CopyResponse(CopyResponse.Direction.IN, false, 0)),
        arguments('H', "01 0002 0001 0001", new CopyResponse(CopyResponse.Direction.OUT, true, 2)),
        arguments('W', "00 0000", new CopyResponse(CopyResponse.Direction.BOTH, false, 0)),
        arguments('c', "", new CopyDone()),
        arguments('E', "00", new ErrorResponse(new ServerReport(Map.of()))),
        arguments(
            'N',
            "4D6100 FF6200 00",
            new NoticeResponse(new ServerReport(Map.of('M', "a", '\u00FF', "b")))),
        arguments('A', "00001267 6300 7000", new NotificationResponse(4711, "c", "p")));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void decodesEveryMessage(char type, String hex, BackendMessage expected) throws Exception {
    assertThat(decode(type, hex(hex))).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void rejectsEveryMessageCutAtEveryByte(char type, String hex, BackendMessage expected) {
    byte[] whole = hex(hex);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> decode(type, cut))
          .as("%s cut to %d bytes", expected, length)
          .isInstanceOf(ProtocolException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void rejectsATrailingByte(char type, String hex, BackendMessage expected) {
    assertThatThrownBy(() -> decode(type, hex(hex + "00")))
        .as("%s", expected)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("1 bytes too many");
  }

  @Test
  void handsOnWhatAMechanismSays() throws Exception {
    var challenge = (AuthenticationSaslContinue) decode('R', hex("0000000B 616200"));
    var outcome = (AuthenticationSaslFinal) decode('R', hex("0000000C"));

    assertThat(challenge.challenge()).isEqualTo(hex("616200"));
    assertThat(outcome.outcome()).isEmpty();
  }

  @Test
  void keepsTheNumberOfAMethodItDoesNotKnow() throws Exception {
    assertThat(decode('R', hex("00000007"))).isEqualTo(new AuthenticationOther(7));
    assertThat(decode('R', hex("FFFFFFFF 0102"))).isEqualTo(new AuthenticationOther(-1));
  }

  @Test
  void rejectsEveryTypeNoServerSendsHere() {
    List<Integer> known = "RKSvZTDCIGHWcENA".chars().boxed().toList();
    IntStream.range(-128, 128)
        .filter(type -> !known.contains(type))
        .forEach(
            type ->
                assertThatThrownBy(
                        () -> BackendMessageDecoder.decode((byte) type, new FieldReader(hex("00"))))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageStartingWith("server message: unknown message type"));
  }

  @ParameterizedTest
  @CsvSource({
    "Z, 58, ReadyForQuery.transactionStatus",
    "H, 02 0000, CopyResponse.format",
    "H, 00 FFFF, CopyResponse.columnCount",
    "H, 00 7FFF, CopyResponse.columnFormats",
    "T, FFFF, RowDescription.columnCount",
    "T, 7FFF, RowDescription.name",
    "D, FFFF, DataRow.columnCount",
    "D, 7FFF, DataRow.length",
    "D, 0001 FFFFFFFE, DataRow.value",
    "D, 0001 80000000, DataRow.value",
    "D, 0001 7FFFFFFF 61, DataRow.value",
    "D, 0001 00000001 FF, DataRow.value",
    "S, FF00 6100, ParameterStatus.name",
    "C, FF00, CommandComplete.tag",
    "v, 00000000 FFFFFFFF, NegotiateProtocolVersion.optionCount",
    "v, 00000000 7FFFFFFF, NegotiateProtocolVersion.optionCount",
    "R, 0000000A FF00 00, AuthenticationSASL.mechanism",
  })
  void namesTheFieldThatIsMalformed(char type, String hex, String field) {
    assertThatThrownBy(() -> decode(type, hex(hex)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageStartingWith(field);
  }

  @Test
  void readsAnErrorInTheServersOwnEncoding() throws Exception {
    byte[] body = concat("C28P01\0Mégaré\0".getBytes(ISO_8859_1), new byte[1]);

    var error = (ErrorResponse) decode('E', body);

    assertThat(error.report().sqlState()).isEqualTo("28P01");
    assertThat(error.report().message()).isEqualTo("\uFFFDgar\uFFFD");
  }

  @Test
  void showsNoSecretKey() throws Exception {
    assertThat(decode('K', hex("00001267 00BC614E")).toString())
        .isEqualTo("BackendKeyData[processId=4711]");
  }
}
