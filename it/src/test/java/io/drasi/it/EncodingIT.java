package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.source.SourceState;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.Eventually;
import io.drasi.it.support.Rows;
import io.drasi.it.support.Servers;
import io.drasi.it.support.StreamedDatabase;
import io.drasi.it.support.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases that do not store UTF-8. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class EncodingIT {
  @Parameter String version;

  private StreamedDatabase stream(String encoding) throws Exception {
    return StreamedDatabase.start(
        TestDatabase.create(Servers.shared(version), encoding),
        "CREATE TYPE mood AS ENUM ('a\"b')",
        "CREATE TABLE t (id int PRIMARY KEY, a text, b text[], c jsonb, d bytea)",
        "CREATE PUBLICATION drasi_publication FOR TABLE t");
  }

  @ParameterizedTest
  @CsvSource({"LATIN1,grün ÿ", "EUC_JP,日本語 カナ", "WIN1251,Привет", "SQL_ASCII,日本語"})
  void textIsTheSameByEachRoad(String encoding, String text) throws Exception {
    try (var streamed = stream(encoding)) {
      String insert = "INSERT INTO t VALUES (1, '%1$s', '{\"%1$s\"}', '{\"%1$s\": 1}', '\\xff00')";
      ElementPropertyMap row =
          streamed
              .inserted("SET LOCAL client_encoding = 'UTF8'", insert.formatted(text))
              .get(0)
              .properties();
      assertThat(row)
          .containsEntry("a", new ElementValue.Text(text))
          .containsEntry("b", new ElementValue.List(List.of(new ElementValue.Text(text))))
          .containsEntry("c", new ElementValue.Json("{\"%s\": 1}".formatted(text)));
      Map<String, ElementPropertyMap> loaded =
          Rows.loaded(Bootstraps.provider(streamed.database()).build());
      assertThat(loaded).containsEntry("t:1", row);
    }
  }

  @Test
  void bytesThatAreNoTextStopASourceWithAClearWord() throws Exception {
    try (var streamed = stream("SQL_ASCII")) {
      streamed.database().run("INSERT INTO t VALUES (1, E'gr\\xfcn')");
      Eventually.eventually(
          "the source has failed",
          Duration.ofSeconds(40),
          () -> streamed.source().status().state() == SourceState.FAILED);
      assertThat(streamed.source().status().error())
          .hasValueSatisfying(
              e ->
                  assertThat(e)
                      .hasMessageContaining("SQLSTATE 22021]; a text in the database has no UTF-8")
                      .hasMessageContaining("SQL_ASCII"));
      assertThatThrownBy(() -> Rows.loaded(Bootstraps.provider(streamed.database()).build()))
          .hasMessageContaining("public.t")
          .hasMessageContaining("SQL_ASCII");
    }
  }
}
