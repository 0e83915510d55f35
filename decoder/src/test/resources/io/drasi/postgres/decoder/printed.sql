-- Makes printed.txt: values as the server prints them, with the OID of their type. The values of the
-- first part are random; none of them is special to the tests.
--
-- To make it again: psql -X -q -At -F ' ' -v ON_ERROR_STOP=1 -f printed.sql > printed.txt

\o /dev/null
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET bytea_output = 'hex';
SELECT setseed(0.5);
\o
SELECT 701, ((random() - 0.5) * 10 ^ (i % 600 - 300))::float8 FROM generate_series(1, 600, 7) i;
SELECT 701, (random() * 10 ^ (i % 20 - 2))::numeric(30, 4)::float8 FROM generate_series(1, 60) i;
SELECT 701, v FROM unnest('{0,-0,1,-1,0.1,100,0.0001,0.00001,123456,99999999999999,100000000000000,1e14,1e15,1e16,123456789012345,
  1234567890123456,12345678901234567,9007199254740993,5e-324,1e-323,4.4e-323,2.2250738585072014e-308,2.225073858507201e-308,
  1.7976931348623157e308,1e22,1e23,NaN,Infinity,-Infinity,0.3,2.5,1e-7,123e-7}'::float8[]) v;
SELECT 1700, ((random() - 0.5) * 10 ^ (i % 40))::numeric FROM generate_series(1, 40) i;
SELECT 1700, v FROM unnest('{0,0.00,1.50,100,-0.001,123456789012345678901234567890.1230,999999999999999999,0.0000000000000000000000001}'::numeric[]) v;
SELECT 1082, '4713-01-01 BC'::date + (random() * 3000000)::int FROM generate_series(1, 30);
SELECT 1082, v FROM unnest('{0001-01-01,"0001-12-31 BC","0044-03-15 BC","4713-01-01 BC",5874897-12-31,9999-12-31,10000-01-01,2024-02-29,"0005-02-29 BC"}'::date[]) v;
SELECT 1114, '4713-01-01 BC'::timestamp + random() * 3000000 * interval '1 day' FROM generate_series(1, 30);
SELECT 1114, v FROM unnest('{2024-02-29 12:34:56,2024-02-29 12:34:56.1,2024-02-29 23:59:59.999999,0044-03-15 01:02:03.000001 BC,294276-12-31 23:59:59.999999}'::timestamp[]) v;
SELECT 1184, '4713-01-01 BC'::timestamptz + random() * 3000000 * interval '1 day' FROM generate_series(1, 30);
SELECT 1184, v FROM unnest('{2024-02-29 12:34:56+00,1969-12-31 23:59:59.999999+00,0044-03-15 01:02:03.000001+00 BC,294276-12-31 23:59:59.999999+00,4714-11-24 00:00:00+00 BC}'::timestamptz[]) v;
SELECT 1083, time '00:00' + random() * interval '1 day' FROM generate_series(1, 10);
SELECT 1083, v FROM unnest('{00:00,23:59:59.999999,12:00:00.5}'::time[]) v;
SELECT 17, v FROM unnest('{"","\\x00ff10","\\x7f80"}'::bytea[]) v;
SELECT 2950, md5(i::text)::uuid FROM generate_series(1, 5) i;
SELECT 20, v FROM unnest('{0,-1,9223372036854775807,-9223372036854775808,1000000000000000000}'::bigint[]) v;
