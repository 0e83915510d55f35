package io.drasi.host;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.auth.Password;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/** The demo's database: a shop, with all that a source needs of a server. */
final class ShopDatabase {
  static final String NAME = "shop";
  static final String REPLICATION_ROLE = "drasi";
  static final String PUBLICATION = "drasi_publication";
  static final List<String> TABLES = List.of("users", "orders", "order_items");

  private static final String SCHEMA =
      """
      CREATE TABLE users (
        id integer PRIMARY KEY,
        name text NOT NULL,
        email text,
        active boolean NOT NULL DEFAULT true,
        profile jsonb,
        created_at timestamptz NOT NULL DEFAULT now());
      CREATE TABLE orders (
        id integer PRIMARY KEY,
        user_id integer NOT NULL REFERENCES users,
        status text NOT NULL,
        total numeric(10,2) NOT NULL,
        ordered_at timestamptz NOT NULL DEFAULT now());
      CREATE TABLE order_items (
        order_id integer NOT NULL REFERENCES orders,
        item_id integer NOT NULL,
        product text NOT NULL,
        quantity integer NOT NULL,
        price numeric(10,2) NOT NULL,
        PRIMARY KEY (order_id, item_id));
      CREATE ROLE drasi LOGIN REPLICATION PASSWORD '%s';
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO drasi;
      CREATE PUBLICATION drasi_publication FOR TABLE users, orders, order_items;
      """;

  private final EmbeddedPostgres server;
  private final Connector connector = Connector.create();
  private final String replicationPassword = randomPassword();

  private ShopDatabase(EmbeddedPostgres server) {
    this.server = server;
  }

  /** Creates the database, its tables, the role and the publication. */
  static ShopDatabase create(EmbeddedPostgres server) throws IOException {
    var shop = new ShopDatabase(server);
    try (Session session = shop.connect("postgres")) {
      session.query("CREATE DATABASE " + NAME);
    }
    try (Session session = shop.connect()) {
      session.query(SCHEMA.formatted(shop.replicationPassword));
    }
    return shop;
  }

  /** A session of the shop's owner. */
  Session connect() throws IOException {
    Session session = connect(NAME);
    session.query("SET search_path = public");
    return session;
  }

  /** The configuration of a source that streams the shop, for the host. */
  String configuration() {
    return """
        source_type: postgres
        id: %s
        properties:
          host: %s
          port: %d
          database: %s
          user: %s
          password: %s
          publication_name: %s
          tables: [%s]
          table_keys: ["order_items(order_id, item_id)"]
        """
        .formatted(
            NAME,
            server.host(),
            server.port(),
            NAME,
            REPLICATION_ROLE,
            replicationPassword,
            PUBLICATION,
            String.join(", ", TABLES));
  }

  private Session connect(String database) throws IOException {
    return connector.connect(
        ConnectionConfig.builder()
            .withHost(server.host())
            .withPort(server.port())
            .withDatabase(database)
            .withUser(server.superuser())
            .withPassword(Password.of(server.superuserPassword()))
            .build(),
        SessionMode.QUERY);
  }

  private static String randomPassword() {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
