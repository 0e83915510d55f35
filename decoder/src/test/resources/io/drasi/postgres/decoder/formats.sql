-- Makes formats.txt: values in both formats, each with the OID and the name of its type; and
-- formats-types.txt: what the catalog says of the types that are not built in, as the query of
-- TypeDescriptions gives it. OIDs differ from one recording to the next; the tests do not depend on
-- them. To record again, in an empty database of PostgreSQL 18 with the contrib extensions:
--   psql -X -q -o /dev/null -v ON_ERROR_STOP=1 -f formats.sql
--   psql -X -q -c "COPY (SELECT t::regtype::oid, replace(t::regtype::text, ' ', '_'), hex, txt
--     FROM rec ORDER BY n) TO STDOUT" > formats.txt

SET DateStyle='ISO, YMD'; SET IntervalStyle='postgres'; SET TimeZone='UTC'; SET extra_float_digits=3; SET bytea_output=hex; 
CREATE EXTENSION IF NOT EXISTS hstore; CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS ltree;
DROP TABLE IF EXISTS rec; CREATE TABLE rec(n serial, t text, hex text, txt text);
CREATE OR REPLACE FUNCTION r(t text, vals text[]) RETURNS void LANGUAGE plpgsql AS $f$
DECLARE v text; f text; BEGIN
 SELECT typsend::text INTO f FROM pg_type WHERE oid = t::regtype;
 FOREACH v IN ARRAY vals LOOP
  EXECUTE format('INSERT INTO rec(t,hex,txt) SELECT %L, encode(%s(x),''hex''), format(''%%s'', x) FROM (SELECT %L::%s AS x) s', t, f, v, t);
 END LOOP; END $f$;
SELECT r('bool', array['t','f']);
SELECT r('int2', array['-32768','0','32767']);
SELECT r('int4', array['-2147483648','0','2147483647']);
SELECT r('int8', array['-9223372036854775808','0','9223372036854775807']);
SELECT r('oid', array['0','4294967295']); SELECT r('xid', array['3','4294967295']); SELECT r('cid', array['0','4294967295']);
SELECT r('xid8', array['0','9223372036854775807','18446744073709551615']);
SELECT r('int2vector', array['','1','1 -2 3']); SELECT r('oidvector', array['','4294967295 0']);
SELECT r('float4', array['0','-0','1.1','3.4028235e+38','1e-45','16777217','123456','1234567','0.0001','0.00001','NaN','Infinity','-Infinity']);
SELECT r('float8', array['0','-0','0.1','1e15','1e14','5e-324','1.7976931348623157e308','NaN','Infinity','-Infinity']);
SELECT r('numeric', array['0','0.00','0.0000000000000000000000','-1.50','1','10000','100000000','0.0001','0.00010','0.00000001','12345678901234567890.1230','-0.000000000000001','999999999999999999','9999999999999999999','1e100','1e-100','NaN','Infinity','-Infinity','1.00000','10000.0001','99990000','0.12345','123.4567800000']);
SELECT r('char', array['','a','~','\200','\377']);
SELECT r('name', array['','x','ünïcode']); SELECT r('text', array['','a"b\c','日本語 😀']); SELECT r('varchar', array['x']); SELECT r('bpchar', array['x  ']);
SELECT r('xml', array['<a>ä</a>','<?xml version="1.0"?><b/>']) ;
SELECT r('json', array['{"a" :  1}','[1.0, "ä"]']); SELECT r('jsonb', array['{"b":1,"a":[1.50,null]}','"x"']); SELECT r('jsonpath', array['$.a[*] ? (@ > 1)']);
SELECT r('bytea', array['','\x00ff10']); SELECT r('uuid', array['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11','ffffffff-ffff-ffff-ffff-ffffffffffff']);
SELECT r('date', array['2024-02-29','0001-01-01','0044-03-15 BC','4713-11-24 BC','5874897-12-31','infinity','-infinity','2000-01-01','1999-12-31']);
SELECT r('time', array['00:00:00','23:59:59.999999','24:00:00','12:00:00.5']);
SELECT r('timetz', array['00:00:00+00','23:59:59.999999-15:59','24:00:00+15:59:59','12:00:00.5+05:30','01:02:03-00:00:01']);
SELECT r('timestamp', array['2024-02-29 12:34:56.789','4713-11-24 00:00:00 BC','294276-12-31 23:59:59.999999','0044-03-15 12:00:00.000001 BC','infinity','-infinity','1999-12-31 23:59:59.999999']);
SELECT r('timestamptz', array['2024-02-29 12:34:56.789+05:30','4713-11-24 00:00:00+00 BC','294276-12-31 23:59:59.999999+00','infinity','-infinity','1999-12-31 23:59:59.999999+00']);
SELECT r('interval', array['0','1 year 2 mons 3 days 04:05:06.000007','-1 year -2 mons +3 days -04:05:06','1 mon -1 day','-1 mon 1 day 1 sec','1 day -00:00:00.000001','-178956970 years -8 mons -2147483648 days','178956970 years 7 mons','2562047788:00:54.775807','infinity','-infinity','100 hours','-1 day','1 year 1 day','2 days','1 sec','-1 mon','-1 day 2 hours']);
SELECT r('inet', array['192.168.0.1','192.168.0.1/24','0.0.0.0/0','255.255.255.255','::1','::','::/0','::ffff:1.2.3.4','::1.2.3.4','::1:2','1::','1:0:0:2::3','2001:db8::1/64','1:2:3:4:5:6:7:8','1:0:0:0:5:0:0:8','fe80::1:0:0:1','0:0:0:0:0:0:1:0','::ffff:0:0','0:0:0:0:0:ffff:0:0/96','0:0:0:0:ffff:1:2:3','0:1:0:1:0:1:0:1','0:0:0:0:0:0:ab:0','a::b:0']);
SELECT r('cidr', array['192.168.0.0/16','10.0.0.0/8','1.2.3.4/32','2001:db8::/32','::/0','::1/128']);
SELECT r('macaddr', array['08:00:2b:01:02:03']); SELECT r('macaddr8', array['08:00:2b:01:02:03:04:ff']);
SELECT r('point', array['(1,2)','(0.1,-1e-10)','(1e15,NaN)','(Infinity,-Infinity)','(-0,123456789012345)']);
SELECT r('lseg', array['[(1,2),(3,4.5)]']); SELECT r('path', array['((1,2),(3,4))','[(1,2),(3,4)]','[(1,2)]']); SELECT r('box', array['(1,2),(3,4)']); SELECT r('polygon', array['((1,2),(3,4),(5,6))']); SELECT r('line', array['{1,2,3.25}']); SELECT r('circle', array['<(1,2),3>']);
SELECT r('bit', array['1','0']); SELECT r('varbit', array['','101','111100001','0000000000000001']);
SELECT r('tsvector', array['','a b','a:1A,2B,3C,4 ''it''''s'':5 ''back\\slash'':16383','''x y'':1,2']);
SELECT r('tsquery', array['','a','a & b','a | b & c','(a | b) & c','!a','!(a & b)','a <-> b','a <3> b','(a <-> b) <-> c','a <-> (b <-> c)','a:*AB','a:D & b:*','!(a <-> b)','(a | b) <-> c','!!a','a & (b & c)','a | (b | c)','''it''''s'' & ''b\\c''','!a <-> b','a <-> !b','(a & b) | !(c <2> (d | e))','a <-> (b <2> c) <-> d']);
SELECT r('tid', array['(0,1)','(4294967295,65535)']); SELECT r('pg_lsn', array['0/0','16/B374D848','FFFFFFFF/FFFFFFFF']);
SELECT r('txid_snapshot', array['10:20:10,14,15','1:1:']); SELECT r('pg_snapshot', array['10:20:10,14,15','1:1:']);
SELECT r('int4range', array['empty','[1,5)','(,)','[1,)','(,5)']); SELECT r('int8range', array['[-9223372036854775808,9223372036854775807)']); SELECT r('numrange', array['[1.50,2.5]','(0.1,NaN]']);
SELECT r('tsrange', array['[2020-01-01,2021-01-01)','[infinity,infinity]','[-infinity,"0044-03-15 12:00:00 BC"]']); SELECT r('tstzrange', array['(2020-01-01 00:00:00.5+00,)']); SELECT r('daterange', array['[2020-01-01,infinity)']);
SELECT r('int4multirange', array['{}','{[1,2),[5,7)}']); SELECT r('int8multirange', array['{[1,2)}']); SELECT r('nummultirange', array['{[1.0,2.0],(3,4)}']); SELECT r('tsmultirange', array['{[2020-01-01,2021-01-01)}']); SELECT r('tstzmultirange', array['{}']); SELECT r('datemultirange', array['{[2020-01-01,2021-01-01),[2022-01-01,)}']);
SELECT r('bool[]', array['{t,f,NULL}','[0:1]={t,f}']);
SELECT r('int4[]', array['{}','{1,NULL,3}','{{1,2},{3,4}}','[0:1]={1,2}','[2:3][-1:0]={{1,2},{3,NULL}}','{{{1}},{{2}}}']);
SELECT r('text[]', array['{}','{"",NULL,"NULL",null,"nUlL","a b","a,b","a\"b","a\\b","{}","ä",x}','[5:5]={"a \" \\ b"}','{{"a}","{"},{"\t","x"}}','{"a;b"}']);
SELECT r('float4[]', array['{1.1,1234567,NaN}','[0:0]={1.1}']); SELECT r('float8[]', array['[0:1]={0.1,1e300}']); SELECT r('numeric[]', array['{1.50,NaN,1e20}','[0:0]={1.50}']);
SELECT r('date[]', array['{2020-01-01,infinity,"0044-03-15 BC"}','[0:0]={"0044-03-15 BC"}']); SELECT r('timestamp[]', array['{"2020-01-01 00:00:00"}','[0:0]={"2020-01-01 00:00:00"}']); SELECT r('timestamptz[]', array['[0:0]={"2020-01-01 00:00:00+00"}']);
SELECT r('interval[]', array['{"1 day",00:00:01}','[0:1]={"1 day",00:00:01}']); SELECT r('box[]', array['{(1,2),(3,4);(5,6),(7,8)}','[0:0]={(1,2),(3,4)}']); SELECT r('point[]', array['{"(1,2)"}']); SELECT r('bytea[]', array['{"\\x00ff",""}','[0:0]={"\\x00ff"}']);
SELECT r('json[]', array['{"{\"a\": 1}"}','[0:0]={"{\"a\": 1}"}']); SELECT r('uuid[]', array['[0:0]={a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}']); SELECT r('time[]', array['{24:00:00,12:00:00}','[0:0]={12:00:00}']); SELECT r('char[]', array['{a,""}']); SELECT r('int4range[]', array['{"[1,2)",empty}','[0:0]={"[1,2)"}']); SELECT r('int2vector[]', array['{"1 2"}']); SELECT r('tsquery[]', array['{"''a'' & ''b''"}']);
DROP TYPE IF EXISTS pair CASCADE; CREATE TYPE pair AS (a int, "B b" text);
DROP DOMAIN IF EXISTS nums CASCADE; CREATE DOMAIN nums AS int[]; DROP TYPE IF EXISTS mood CASCADE; CREATE TYPE mood AS ENUM ('glad','so so','it''s');
DROP TYPE IF EXISTS deep CASCADE; CREATE TYPE deep AS (p pair, ps pair[], n nums, m mood, h hstore, f float4, b bool, i interval);
DROP TYPE IF EXISTS textrange CASCADE; CREATE TYPE textrange AS RANGE (subtype=text); DROP TYPE IF EXISTS pairrange CASCADE; CREATE TYPE pairrange AS RANGE (subtype=pair); DROP TYPE IF EXISTS empty_row CASCADE; CREATE TYPE empty_row AS (); DROP TYPE IF EXISTS single CASCADE; CREATE TYPE single AS (one text);
SELECT r('pair', array['(1,a)','(,)','(1,"")','(1,"a""b\\c,d() e")','(,"NULL")','(2," x")']);
SELECT r('pair[]', array['{"(1,\"a \"\"b\")",NULL}','[0:0]={"(1,\"a b\")"}']);
SELECT r('nums', array['{1,2}','[0:0]={1}']); SELECT r('nums[]', array['{"{1,2}","{}",NULL}','[0:0]={"{1,2}"}']); SELECT r('mood', array['glad','so so']); SELECT r('mood[]', array['{glad,"so so","it''s"}','[0:0]={"so so"}']);
SELECT r('single', array['()','("")','(x)']); SELECT r('empty_row', array['()']);
SELECT r('hstore', array['','a=>1','a=>NULL, "b c"=>"x\"y\\z", bb=>""','""=>""']); SELECT r('hstore[]', array['{"\"a\"=>\"1\""}','[0:0]={"\"a\"=>\"1\", \"b\"=>NULL"}']);
SELECT r('citext', array['AbC']); SELECT r('citext[]', array['{AbC,"x y"}']); SELECT r('ltree', array['Top.Science']); SELECT r('lquery', array['Top.*{1,2}.x']); SELECT r('ltxtquery', array['a & b']); SELECT r('ltree[]', array['{Top.A}','[0:0]={Top.A}']);
SELECT r('textrange', array['[a,b)','["a b","c,d"]','("",)','["a""b","c\\d"]','empty','["(","[x]"]']); SELECT r('pairrange', array['["(1,a)","(2,""b c"")"]']); SELECT r('pairrange[]', array['{"[\"(1,a)\",\"(2,\"\"b c\"\")\"]"}']);
INSERT INTO rec(t,hex,txt) SELECT 'deep', encode(record_send(x),'hex'), format('%s', x) FROM (SELECT ROW(ROW(1,'x "y"')::pair, array[ROW(2,NULL)::pair, NULL, ROW(3,'\')::pair], '{1,2}'::nums, 'so so'::mood, 'a=>"b c"'::hstore, 1.1::float4, true, '1 day -00:00:01'::interval)::deep x UNION ALL SELECT ROW(NULL,'{}','[0:0]={7}','glad','', 'NaN',false,'-1 mon +1 day')::deep) s;
INSERT INTO rec(t,hex,txt) SELECT 'deep[]', encode(array_send(x),'hex'), format('%s', x) FROM (SELECT array[ROW(ROW(1,'x "y"')::pair, array[ROW(2,NULL)::pair, NULL, ROW(3,'\')::pair], '{1,2}'::nums, 'so so'::mood, 'a=>"b c"'::hstore, 1.1::float4, true, '1 day -00:00:01'::interval)::deep] x UNION ALL SELECT ('[0:0]={"'||replace(replace(ROW(ROW(1,'x "y"')::pair, array[ROW(2,NULL)::pair, NULL, ROW(3,'\')::pair], '{1,2}'::nums, 'so so'::mood, 'a=>"b c"'::hstore, 1.1::float4, true, '1 day -00:00:01'::interval)::deep::text,'\','\\'),'"','\"')||'"}')::deep[]) s;
