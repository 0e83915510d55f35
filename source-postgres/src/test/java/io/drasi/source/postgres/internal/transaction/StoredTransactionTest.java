package io.drasi.source.postgres.internal.transaction;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.source.postgres.testing.PgOutput;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredTransactionTest {

  @Test
  void whatCannotBeDecodedAgainIsADefectThatNamesTheTransactionButNoValues() {
    byte[] insert = PgOutput.insert(1, "secret");
    byte[] messages =
        ByteBuffer.allocate(4 + insert.length).putInt(insert.length).put(insert).array();
    var stored =
        new StoredTransaction(
            PostgresPosition.after(7, 1, new Lsn(101)),
            5,
            Instant.EPOCH,
            List.of(RelationCache.empty()),
            messages,
            0);
    assertThatIllegalStateException()
        .isThrownBy(stored::decode)
        .withMessage("the transaction at 7-1-0/65 was decoded before, and now is not")
        .withCauseInstanceOf(ProtocolException.class)
        .withMessageNotContaining("secret");
  }
}
