-- Makes recorded-v1.txt: what pgoutput (protocol version 1) sends for the statements below.
--
-- Needs PostgreSQL 15 or newer with wal_level = logical. To record again, in an empty database:
--   psql -X -q -At -F ' ' -v ON_ERROR_STOP=1 -f recorded-v1.sql > recorded-v1.txt
-- A line is the position of a message and its bytes. OIDs, xids, positions and times differ from one
-- recording to the next; the tests do not depend on them. Every transaction begins with a logical
-- message 'case' that names it.

\set QUIET on
\o /dev/null
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET bytea_output = 'hex';
SET client_min_messages = 'warning';

CREATE SCHEMA "My Schema";
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE users (id int PRIMARY KEY, name text, score numeric(10,2), feeling mood);
CREATE TABLE docs (id bigint PRIMARY KEY, title varchar(20), body text);
ALTER TABLE docs ALTER body SET STORAGE EXTERNAL;
CREATE TABLE full_docs (id bigint PRIMARY KEY, title text, body text);
ALTER TABLE full_docs ALTER body SET STORAGE EXTERNAL;
ALTER TABLE full_docs REPLICA IDENTITY FULL;
CREATE TABLE order_items (quantity int, item_id text, order_id int, PRIMARY KEY (order_id, item_id));
CREATE TABLE by_index (id int PRIMARY KEY, code text NOT NULL, note text);
CREATE UNIQUE INDEX by_index_code ON by_index (code);
ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_code;
CREATE TABLE toast_key (k text PRIMARY KEY, n int);
ALTER TABLE toast_key ALTER k SET STORAGE EXTERNAL;
CREATE TABLE bag (a int, b text);
ALTER TABLE bag REPLICA IDENTITY FULL;
CREATE TABLE append_only (a int, b text);
ALTER TABLE append_only REPLICA IDENTITY NOTHING;
CREATE TABLE log_lines (line text);
CREATE TABLE "My Schema"."Odd ""Name""" ("Id" int PRIMARY KEY, "select" text);
CREATE TABLE parent_t (id int PRIMARY KEY);
CREATE TABLE child_t (id int PRIMARY KEY, parent int REFERENCES parent_t);
CREATE TABLE no_columns ();
CREATE TABLE every_type (
  id int2 PRIMARY KEY, b bool, i4 int4, i8 int8, f4 float4, f8 float8, n numeric, t text, v varchar(9), c char(4),
  u uuid, ts timestamp, tz timestamptz, d date, tm time, j json, jb jsonb, by bytea, iv interval, arr int[], ip inet);
-- Partitions whose replica identity is not that of the table they are published as.
CREATE TABLE full_root (id int PRIMARY KEY, n int, body text) PARTITION BY RANGE (id);
CREATE TABLE default_leaf PARTITION OF full_root FOR VALUES FROM (0) TO (1000);
ALTER TABLE default_leaf ALTER body SET STORAGE EXTERNAL;
ALTER TABLE full_root REPLICA IDENTITY FULL;
CREATE TABLE default_root (id int PRIMARY KEY, n int, body text) PARTITION BY RANGE (id);
CREATE TABLE full_leaf PARTITION OF default_root FOR VALUES FROM (0) TO (1000);
ALTER TABLE full_leaf ALTER body SET STORAGE EXTERNAL;
ALTER TABLE full_leaf REPLICA IDENTITY FULL;
CREATE PUBLICATION pub FOR ALL TABLES;
CREATE PUBLICATION pub_insert FOR TABLE log_lines, append_only WITH (publish = 'insert, truncate');
CREATE PUBLICATION pub_root FOR TABLE full_root, default_root WITH (publish_via_partition_root = true);

SELECT pg_create_logical_replication_slot('recording', 'pgoutput');
SELECT pg_replication_origin_create('upstream');

BEGIN; SELECT pg_logical_emit_message(true, 'case', 'inserts');
INSERT INTO users VALUES (12345, 'Zoë', 1.50, 'happy'), (2, NULL, NULL, NULL);
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'update without old tuple');
UPDATE users SET score = 2.00 WHERE id = 12345;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'key change');
UPDATE users SET id = 54321 WHERE id = 12345;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'delete by key');
DELETE FROM users WHERE id = 2;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'unchanged toast');
INSERT INTO docs VALUES (1, 'a', repeat('x', 3000));
UPDATE docs SET title = 'b' WHERE id = 1;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'unchanged toast and key change');
UPDATE docs SET id = 2 WHERE id = 1;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'full: unchanged toast');
INSERT INTO full_docs VALUES (1, 'a', repeat('y', 3000));
UPDATE full_docs SET title = 'b' WHERE id = 1;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'full: unchanged toast and key change');
UPDATE full_docs SET id = 2 WHERE id = 1;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'full: delete');
DELETE FROM full_docs;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'composite key');
INSERT INTO order_items VALUES (3, 'a_b', 7);
UPDATE order_items SET item_id = 'c\d' WHERE order_id = 7;
DELETE FROM order_items;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'using index');
INSERT INTO by_index VALUES (1, 'x', 'n');
UPDATE by_index SET id = 2;
UPDATE by_index SET code = 'y';
DELETE FROM by_index;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'unchanged key stored out of line');
INSERT INTO toast_key VALUES (repeat('k', 2100), 1);
UPDATE toast_key SET n = 2;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'bag');
INSERT INTO bag VALUES (1, NULL), (1, 'x');
UPDATE bag SET b = 'y' WHERE b IS NULL;
UPDATE bag SET b = b WHERE b = 'x';
DELETE FROM bag WHERE b = 'x';
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'quoted names');
INSERT INTO "My Schema"."Odd ""Name""" VALUES (1, 's');
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'no columns');
INSERT INTO no_columns DEFAULT VALUES;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'truncate one');
TRUNCATE users;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'truncate several');
TRUNCATE docs, bag RESTART IDENTITY;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'truncate cascade');
TRUNCATE parent_t CASCADE;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'truncate cascade restart identity');
TRUNCATE parent_t RESTART IDENTITY CASCADE;
COMMIT;
SELECT pg_logical_emit_message(false, 'outside', '\x00ff'::bytea);
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'column added');
ALTER TABLE users ADD COLUMN email text;
INSERT INTO users VALUES (9, 'n', NULL, 'sad', 'n@example.org');
COMMIT;
SELECT pg_replication_origin_session_setup('upstream');
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'origin');
SELECT pg_replication_origin_xact_setup('1/AB', '2020-01-01Z');
INSERT INTO parent_t VALUES (1);
COMMIT;
SELECT pg_replication_origin_session_reset();
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'every type');
INSERT INTO every_type VALUES (
  -32768, true, -2147483648, 9223372036854775807, 1.1, 0.1, 123456789012345678901234567890.1230, E'tab\there', 'v', 'c',
  'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '2024-02-29 12:34:56.789', '2024-02-29 12:34:56.123456+05:30', '0044-03-15 BC',
  '23:59:59.999999', '{"a" :  1}', '{"a" :  1}', '\x00ff10', '1 year 2 days 03:04:05.6', '{1,NULL,3}', '10.0.0.1/8');
INSERT INTO every_type VALUES (
  32767, false, 2147483647, -9223372036854775808, 'NaN', '-Infinity', 'NaN', '', '', '',
  '00000000-0000-0000-0000-000000000000', 'infinity', '-infinity', 'infinity',
  '24:00:00', 'null', 'null', '', '0', '{}', '::1');
INSERT INTO every_type (id) VALUES (0);
COMMIT;

\o
SELECT lsn, encode(data, 'hex')
FROM pg_logical_slot_get_binary_changes(
  'recording', NULL, NULL, 'proto_version', '1', 'publication_names', 'pub', 'messages', 'true');
\o /dev/null

-- Tables that no update or delete can be published for, and partitions published as their root: an own
-- slot, own publications.
SELECT pg_drop_replication_slot('recording');
DROP PUBLICATION pub;
SELECT pg_create_logical_replication_slot('recording', 'pgoutput');
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'no key');
INSERT INTO log_lines VALUES ('a'), ('a');
INSERT INTO append_only VALUES (1, 'b');
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'full root, default partition');
INSERT INTO full_root VALUES (1, 5, repeat('x', 2100));
UPDATE full_root SET n = 6;
UPDATE full_root SET id = 2;
DELETE FROM full_root;
COMMIT;
BEGIN; SELECT pg_logical_emit_message(true, 'case', 'default root, full partition');
INSERT INTO default_root VALUES (1, NULL, repeat('x', 2100));
UPDATE default_root SET n = 6;
UPDATE default_root SET id = 2;
DELETE FROM default_root;
COMMIT;
\o
SELECT lsn, encode(data, 'hex')
FROM pg_logical_slot_get_binary_changes(
  'recording', NULL, NULL, 'proto_version', '1', 'publication_names', 'pub_insert,pub_root', 'messages', 'true');
\o /dev/null
SELECT pg_drop_replication_slot('recording');
SELECT pg_replication_origin_drop('upstream');
