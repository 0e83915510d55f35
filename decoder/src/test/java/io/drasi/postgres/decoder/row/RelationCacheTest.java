package io.drasi.postgres.decoder.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RelationCacheTest {

  @Test
  void isNotChangedByWhatIsAdded() throws Exception {
    RelationCache empty = RelationCache.empty();
    TableMapping first = mapping(5);
    TableMapping second = mapping(5);
    RelationCache one = empty.with(first);
    RelationCache replaced = one.with(second);
    RelationCache ignored = replaced.withIgnored(5);
    assertThat(empty.size()).isZero();
    assertThat(one.find(5)).containsSame(first);
    assertThat(replaced.find(5)).containsSame(second);
    assertThat(ignored.find(5)).isEmpty();
    assertThat(ignored.size()).isEqualTo(1);
  }

  @Test
  void refusesTablesThatWereNotDescribed() {
    RelationCache cache = RelationCache.empty().with(mapping(1)).withIgnored(3);
    assertThatThrownBy(() -> cache.find(-1))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("a change names relation 4294967295, which the server has not described");
    assertThatThrownBy(() -> cache.find(2)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void findsEveryTableWhateverTheOrder() throws Exception {
    Random random = new Random(7);
    Map<Integer, TableMapping> expected = new HashMap<>();
    RelationCache cache = RelationCache.empty();
    for (int i = 0; i < 300; i++) {
      TableMapping mapping = mapping(random.nextInt(200) - 100);
      expected.put(mapping.relation().oid(), mapping);
      cache = cache.with(mapping);
    }
    assertThat(cache.size()).isEqualTo(expected.size());
    for (Map.Entry<Integer, TableMapping> entry : expected.entrySet()) {
      assertThat(cache.find(entry.getKey())).containsSame(entry.getValue());
    }
  }

  private static TableMapping mapping(int oid) {
    return TableMapping.of(
        "s",
        ElementIdFormat.TABLE,
        new Relation(oid, "public", "t", ReplicaIdentity.DEFAULT, List.of()),
        List.of(),
        TypeCodecs.of(new Codecs(List.of())));
  }
}
