-- What ten-columns-text.txt and ten-columns-binary.txt were recorded from, on PostgreSQL 15: one transaction of ten rows.
-- Each line there is a message, in hexadecimal digits, as given by:
--   SELECT encode(data, 'hex') FROM pg_logical_slot_peek_binary_changes('recorded', NULL, NULL,
--     'proto_version', '1', 'publication_names', 'recorded', 'binary', 'true');
CREATE TABLE item (id bigint PRIMARY KEY, account int, quantity int, price numeric(12,2), rate double precision,
  active boolean, code varchar(20), note text, created timestamptz, token uuid);
CREATE PUBLICATION recorded FOR TABLE item;
SELECT pg_create_logical_replication_slot('recorded', 'pgoutput');
INSERT INTO item SELECT g, g % 1000, g % 50, (g % 100000) / 100.0, g * 0.5, g % 2 = 0, 'code-' || g, md5(g::text),
  timestamptz '2026-01-01' + g * interval '1 s', md5(g::text)::uuid FROM generate_series(100000, 100009) g;
