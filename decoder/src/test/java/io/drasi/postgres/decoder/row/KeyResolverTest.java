package io.drasi.postgres.decoder.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.config.ConfigurationException;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyResolverTest {
  private static final TableName TABLE = TableName.parse("t");
  private static final KeyResolver UNCONFIGURED = new KeyResolver(List.of());

  @ParameterizedTest
  @EnumSource
  void configuredKeysComeFirst(ReplicaIdentity identity) {
    KeyResolver resolver = new KeyResolver(List.of(TableKeyConfig.parse("t(c, a)")));
    assertThat(resolver.resolve(relation(identity, "a", "*b", "c"), catalog("b")))
        .containsExactly(2, 0);
  }

  @Test
  void configuredKeysAreThoseOfTheTableInItsSchema() {
    KeyResolver resolver = new KeyResolver(List.of(TableKeyConfig.parse("other.t(c)")));
    assertThat(resolver.resolve(relation(ReplicaIdentity.DEFAULT, "*a", "c"), Optional.empty()))
        .containsExactly(0);
  }

  @Test
  void refusesConfiguredColumnsThatTheTableLacks() {
    KeyResolver resolver = new KeyResolver(List.of(TableKeyConfig.parse("t(a, x)")));
    assertThatThrownBy(
            () -> resolver.resolve(relation(ReplicaIdentity.FULL, "*a", "*b"), catalog("a")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "table_keys: public.t must name published columns of public.t, was [a, x];"
                + " there are [a, b]");
  }

  @Test
  void refusesTwoKeysForOneTable() {
    List<TableKeyConfig> keys =
        List.of(TableKeyConfig.parse("t(a)"), TableKeyConfig.parse("public.t(b)"));
    assertThatThrownBy(() -> new KeyResolver(keys))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("table_keys: public.t must come once");
  }

  @Test
  void theCatalogOrdersThePrimaryKey() {
    assertThat(
            UNCONFIGURED.resolve(
                relation(ReplicaIdentity.DEFAULT, "*a", "b", "*c"), catalog("c", "a")))
        .containsExactly(2, 0);
  }

  @Test
  void theCatalogOrdersTheChosenIndex() {
    TableIdentity identity =
        new TableIdentity(TABLE, ReplicaIdentity.INDEX, List.of("b"), List.of("c", "a"));
    assertThat(
            UNCONFIGURED.resolve(
                relation(ReplicaIdentity.INDEX, "*a", "b", "*c"), Optional.of(identity)))
        .containsExactly(2, 0);
  }

  @Test
  void flaggedColumnsStandInTableOrderWhereTheCatalogKnowsOthers() {
    Relation relation = relation(ReplicaIdentity.DEFAULT, "*a", "b", "*c");
    for (Optional<TableIdentity> other :
        List.of(
            Optional.<TableIdentity>empty(),
            catalog(),
            catalog("c"),
            catalog("c", "b"),
            catalog("c", "b", "a"),
            catalog("c", "renamed"))) {
      assertThat(UNCONFIGURED.resolve(relation, other)).containsExactly(0, 2);
    }
  }

  @Test
  void withoutFlagsThereIsNoKeyUnderDefault() {
    assertThat(UNCONFIGURED.resolve(relation(ReplicaIdentity.DEFAULT, "a", "b"), catalog("a")))
        .isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"FULL", "NOTHING"})
  void fullAndNothingTakeThePrimaryKeyOfTheCatalog(ReplicaIdentity identity) {
    String[] columns =
        identity == ReplicaIdentity.FULL
            ? new String[] {"*a", "*b", "*c"}
            : new String[] {"a", "b", "c"};
    Relation relation = relation(identity, columns);
    assertThat(UNCONFIGURED.resolve(relation, catalog("c", "a"))).containsExactly(2, 0);
    assertThat(UNCONFIGURED.resolve(relation, catalog())).isEmpty();
    assertThat(UNCONFIGURED.resolve(relation, catalog("a", "unpublished"))).isEmpty();
    assertThat(UNCONFIGURED.resolve(relation, Optional.empty())).isEmpty();
  }

  /** A star before a name marks a column of the replica identity. */
  private static Relation relation(ReplicaIdentity identity, String... columns) {
    return new Relation(
        1,
        "public",
        "t",
        identity,
        Arrays.stream(columns)
            .map(name -> new Column(name.startsWith("*"), name.replace("*", ""), 25, -1))
            .toList());
  }

  private static Optional<TableIdentity> catalog(String... primaryKey) {
    return Optional.of(
        new TableIdentity(TABLE, ReplicaIdentity.DEFAULT, List.of(primaryKey), List.of()));
  }
}
