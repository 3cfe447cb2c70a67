"""The trail: what changed, who looked, and the seals over both, in tables that the application can only add to.

The tables and functions of the schema ``audit`` belong to ``register_trail``, a role that never logs in. The app role
writes through triggers and one function and reads nothing; the keeper reads and seals; the viewer reads what a privacy
officer may see: no content of a change.
"""

from django.db import migrations, models

from register.migrations._together import together

SCHEMA = """
ALTER SCHEMA audit OWNER TO register_trail;
ALTER FUNCTION audit.ctx(text) OWNER TO register_trail;
ALTER FUNCTION audit.require_actor() OWNER TO register_trail;
ALTER FUNCTION audit.stamp() OWNER TO register_trail;
ALTER FUNCTION audit.refuse() OWNER TO register_trail;
ALTER FUNCTION audit.only_status_moves() OWNER TO register_trail;
ALTER FUNCTION audit.track(regclass) OWNER TO register_trail;
SET LOCAL ROLE register_trail;
"""

TABLES = """
CREATE TABLE audit.epoch (
  id smallint PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), begun_by text NOT NULL, reason text NOT NULL
);
INSERT INTO audit.epoch (id, begun_by, reason) VALUES (1, 'migration:0003_trail', 'the register begins');

CREATE TABLE audit.change_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  epoch smallint NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  db_user text NOT NULL DEFAULT session_user,
  pid integer NOT NULL DEFAULT pg_backend_pid(),
  actor text NOT NULL,
  role text NOT NULL,
  reason_code text,
  trace uuid NOT NULL,
  tbl text NOT NULL,
  pk text NOT NULL,
  case_id uuid,
  op "char" NOT NULL CHECK (op IN ('I', 'U', 'D', 'B')),
  row_version bigint NOT NULL,
  digest bytea NOT NULL,
  hash_version smallint NOT NULL DEFAULT 1
);
COMMENT ON COLUMN audit.change_event.op IS 'insert, update, delete, or B: the row was there before the trail began';
CREATE INDEX change_event_settled ON audit.change_event (epoch, xid, id);
CREATE UNIQUE INDEX change_event_of_row ON audit.change_event (tbl, pk, row_version);
CREATE INDEX change_event_of_case ON audit.change_event (case_id, at) WHERE case_id IS NOT NULL;
CREATE INDEX change_event_of_actor ON audit.change_event (actor, at);

CREATE TABLE audit.change_payload (
  event_id bigint PRIMARY KEY, salt bytea NOT NULL, body text NOT NULL
);
COMMENT ON TABLE audit.change_payload IS 'old, new and reason of a change, as the exact text whose digest the event holds';

CREATE TABLE audit.access_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  epoch smallint NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  db_user text NOT NULL DEFAULT session_user,
  pid integer NOT NULL DEFAULT pg_backend_pid(),
  code text NOT NULL,
  action "char" NOT NULL CHECK (action IN ('C', 'R', 'U', 'D', 'E')),
  outcome text NOT NULL CHECK (outcome IN ('ok', 'denied', 'error')),
  detail text NOT NULL,
  actor text NOT NULL,
  role text NOT NULL,
  regions text[] NOT NULL,
  origin text NOT NULL,
  login text NOT NULL,
  agent text NOT NULL,
  purpose text NOT NULL,
  object_type text NOT NULL,
  objects uuid[] NOT NULL,
  row_count integer NOT NULL,
  filters jsonb NOT NULL,
  policy text NOT NULL,
  source text NOT NULL,
  trace uuid NOT NULL,
  hash_version smallint NOT NULL DEFAULT 1
);
CREATE INDEX access_event_settled ON audit.access_event (epoch, xid, id);
CREATE INDEX access_event_of_actor ON audit.access_event (actor, at);
CREATE INDEX access_event_at ON audit.access_event (at);
CREATE INDEX access_event_to_object ON audit.access_event USING gin (objects);

CREATE TABLE audit.seal (
  id bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  epoch smallint NOT NULL,
  horizon xid8 NOT NULL,
  changes bigint NOT NULL,
  changes_root bytea NOT NULL,
  accesses bigint NOT NULL,
  accesses_root bytea NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL UNIQUE,
  signature bytea NOT NULL,
  key_id text NOT NULL
);
COMMENT ON COLUMN audit.seal.horizon IS
  'the seal covers every event whose (epoch, xid) lies from that of the seal before up to, not including, this one';

CREATE TABLE audit.verification (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  whole boolean NOT NULL,
  findings text[] NOT NULL,
  seals bigint NOT NULL,
  changes bigint NOT NULL,
  accesses bigint NOT NULL
);
"""

FUNCTIONS = """
-- The text that is hashed must not depend on the session that writes: hence the time zone.
CREATE FUNCTION audit.record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE o jsonb; n jsonb; r jsonb; body text; salt bytea; ev bigint;
BEGIN
  IF TG_OP <> 'INSERT' THEN o := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN n := to_jsonb(NEW); END IF;
  IF TG_TABLE_NAME = 'register_user' THEN
    -- What stands for a password is kept as a digest: a change shows, the hash itself leaves the table nowhere.
    o := o || jsonb_build_object('password', encode(sha256(convert_to(o->>'password', 'UTF8')), 'hex'));
    n := n || jsonb_build_object('password', encode(sha256(convert_to(n->>'password', 'UTF8')), 'hex'));
  END IF;
  r := coalesce(n, o);
  body := jsonb_build_object('old', o, 'new', n, 'reason', audit.ctx('reason_text'))::text;
  salt := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
  INSERT INTO audit.change_event
    (epoch, actor, role, reason_code, trace, tbl, pk, case_id, op, row_version, digest)
  VALUES
    ((SELECT max(id) FROM audit.epoch), audit.ctx('actor'), coalesce(audit.ctx('role'), ''), audit.ctx('reason_code'),
     audit.ctx('trace')::uuid, TG_TABLE_NAME, coalesce(r->>'id', r->>'code'),
     (CASE TG_TABLE_NAME WHEN 'register_case' THEN r->>'id' ELSE r->>'case_id' END)::uuid, left(TG_OP, 1)::"char",
     CASE TG_OP WHEN 'DELETE' THEN (o->>'row_version')::bigint + 1 ELSE (n->>'row_version')::bigint END,
     sha256(salt || convert_to(body, 'UTF8')))
  RETURNING id INTO ev;
  INSERT INTO audit.change_payload (event_id, salt, body) VALUES (ev, salt, body);
  RETURN NULL;
END $$;

CREATE FUNCTION audit.require_reason() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE state text;
BEGIN
  IF TG_TABLE_NAME = 'register_case' THEN state := OLD.status;
  ELSE SELECT status INTO state FROM public.register_case WHERE id = OLD.case_id; END IF;
  IF state IS DISTINCT FROM 'draft'
     AND (audit.ctx('reason_code') IS NULL OR char_length(coalesce(audit.ctx('reason_text'), '')) < 10) THEN
    RAISE EXCEPTION 'change without reason on %', TG_TABLE_NAME USING ERRCODE = '42501';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION audit.track(tbl regclass) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE name text := tbl::text;
BEGIN
  EXECUTE format('DROP TRIGGER IF EXISTS t10_stamp ON %s', tbl);
  EXECUTE format('CREATE OR REPLACE TRIGGER t05_actor BEFORE INSERT OR UPDATE OR DELETE ON %s
                  FOR EACH STATEMENT EXECUTE FUNCTION audit.require_actor()', tbl);
  EXECUTE format('CREATE OR REPLACE TRIGGER t10_stamp_insert BEFORE INSERT ON %s
                  FOR EACH ROW EXECUTE FUNCTION audit.stamp()', tbl);
  EXECUTE format('CREATE OR REPLACE TRIGGER t10_stamp_update BEFORE UPDATE ON %s
                  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.stamp()', tbl);
  EXECUTE format('CREATE OR REPLACE TRIGGER t90_record AFTER INSERT OR DELETE ON %s
                  FOR EACH ROW EXECUTE FUNCTION audit.record()', tbl);
  EXECUTE format('CREATE OR REPLACE TRIGGER t90_record_update AFTER UPDATE ON %s
                  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION audit.record()', tbl);
  IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = tbl AND attname = 'case_id' AND NOT attisdropped)
     OR tbl = 'public.register_case'::regclass THEN
    EXECUTE format('CREATE OR REPLACE TRIGGER t07_reason BEFORE UPDATE OR DELETE ON %s
                    FOR EACH ROW EXECUTE FUNCTION audit.require_reason()', tbl);
  END IF;
  -- ALWAYS: also in a session that calls itself a replica.
  EXECUTE (SELECT string_agg(format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I;', tbl, tgname), ' ')
           FROM pg_trigger WHERE tgrelid = tbl AND NOT tgisinternal);
END $$;

-- Rows that stand before their trail begins: their first event is of kind B, with the version they have now.
CREATE FUNCTION audit.begin_trail(tbl regclass, begun_by text) RETURNS void LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE bare text := (SELECT relname FROM pg_class WHERE oid = tbl);
BEGIN
  EXECUTE format($sql$
    WITH present AS MATERIALIZED (
      SELECT CASE WHEN %2$L = 'register_user' THEN to_jsonb(t) || jsonb_build_object('password',
               encode(sha256(convert_to(to_jsonb(t)->>'password', 'UTF8')), 'hex')) ELSE to_jsonb(t) END AS n,
             uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) AS salt FROM %1$s t
    ), told AS MATERIALIZED (
      SELECT n, salt, jsonb_build_object('old', null, 'new', n, 'reason', null)::text AS body,
             nextval(pg_get_serial_sequence('audit.change_event', 'id')) AS id FROM present
    ), events AS (
      INSERT INTO audit.change_event (id, epoch, actor, role, trace, tbl, pk, case_id, op, row_version, digest)
      OVERRIDING SYSTEM VALUE
      SELECT id, (SELECT max(e.id) FROM audit.epoch e), %3$L, 'system', gen_random_uuid(), %2$L,
             coalesce(n->>'id', n->>'code'),
             (CASE WHEN %2$L = 'register_case' THEN n->>'id' ELSE n->>'case_id' END)::uuid, 'B',
             (n->>'row_version')::bigint, sha256(salt || convert_to(body, 'UTF8')) FROM told
    )
    INSERT INTO audit.change_payload SELECT id, salt, body FROM told
  $sql$, tbl, bare, begun_by);
END $$;

CREATE FUNCTION audit.log_access(
  code text, action "char", outcome text, detail text, object_type text, objects uuid[], row_count integer,
  filters jsonb, policy text, source text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE ev bigint;
BEGIN
  INSERT INTO audit.access_event
    (epoch, code, action, outcome, detail, actor, role, regions, origin, login, agent, purpose, object_type, objects,
     row_count, filters, policy, source, trace)
  VALUES
    ((SELECT max(id) FROM audit.epoch), code, action, outcome, detail, audit.ctx('actor'),
     coalesce(audit.ctx('role'), ''), string_to_array(coalesce(audit.ctx('regions'), ''), ','),
     coalesce(audit.ctx('origin'), ''), coalesce(audit.ctx('login'), ''), coalesce(audit.ctx('agent'), ''),
     coalesce(audit.ctx('purpose'), ''), object_type, objects, row_count, filters, policy, source,
     audit.ctx('trace')::uuid)
  RETURNING id INTO ev;
  RETURN ev;
END $$;

CREATE FUNCTION audit.seal_events(
  id bigint, at timestamptz, epoch smallint, horizon xid8, changes bigint, changes_root bytea, accesses bigint,
  accesses_root bytea, previous bytea, hash bytea, signature bytea, key_id text
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO audit.seal VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
$$;

CREATE FUNCTION audit.note_verification(
  whole boolean, findings text[], seals bigint, changes bigint, accesses bigint
) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO audit.verification (whole, findings, seals, changes, accesses) VALUES ($1, $2, $3, $4, $5)
$$;

CREATE FUNCTION audit.begin_epoch(begun_by text, reason text) RETURNS smallint LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO audit.epoch (id, begun_by, reason) SELECT max(id) + 1, $1, $2 FROM audit.epoch RETURNING id
$$;
"""

GUARDS = """
DO $$
DECLARE tbl regclass;
BEGIN
  FOR tbl IN SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind = 'r'
  LOOP
    EXECUTE format('CREATE TRIGGER t10_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse()', tbl);
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER t10_only_grows', tbl);
  END LOOP;
END $$;

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC, register_app;
GRANT USAGE ON SCHEMA audit TO register_app, register_keeper, register_viewer;
GRANT EXECUTE ON FUNCTION audit.ctx(text) TO register_app, register_keeper, register_viewer;
GRANT EXECUTE ON FUNCTION audit.log_access(
  text, "char", text, text, text, uuid[], integer, jsonb, text, text) TO register_app;
GRANT SELECT ON ALL TABLES IN SCHEMA audit TO register_keeper;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA audit TO register_keeper;
GRANT EXECUTE ON FUNCTION audit.seal_events(
  bigint, timestamptz, smallint, xid8, bigint, bytea, bigint, bytea, bytea, bytea, bytea, text),
  audit.note_verification(boolean, text[], bigint, bigint, bigint) TO register_keeper;
GRANT SELECT ON audit.access_event, audit.change_event, audit.seal, audit.verification, audit.epoch TO register_viewer;
RESET ROLE;
"""

# The keeper dumps and compares: it reads every table, also those of later migrations, and writes none.
KEEPER = """
GRANT USAGE ON SCHEMA public, pub TO register_keeper;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO register_keeper;
GRANT SELECT ON ALL TABLES IN SCHEMA pub TO register_keeper;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO register_keeper;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA pub TO register_keeper;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO register_keeper;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO register_keeper;
"""

TRACKED = """
DO $$
DECLARE tbl regclass;
BEGIN
  FOR tbl IN
    SELECT c.oid::regclass FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'row_version' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname NOT LIKE 'register\\_historical%'
  LOOP
    PERFORM audit.track(tbl);
    PERFORM audit.begin_trail(tbl, 'migration:0003_trail');
  END LOOP;
END $$;
"""

# Looks noted before this migration go over as they were: what was not asked then stays empty.
LOOKS = """
INSERT INTO audit.access_event (at, epoch, code, action, outcome, detail, actor, role, regions, origin, login, agent,
  purpose, object_type, objects, row_count, filters, policy, source, trace)
SELECT at, 1, code, CASE WHEN code ~ 'read|list' THEN 'R' ELSE 'U' END, outcome, '', actor, role, '{}', '', '', '', '',
  object_type, objects_shown, row_count, '{}', '', 'migration:0003_trail', trace
FROM public.register_accessevent ORDER BY at;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0002_roles_and_rights")]

    operations = together([
        migrations.AddField("user", "row_version", models.PositiveIntegerField(default=1, editable=False)),
        migrations.AddField("apitoken", "row_version", models.PositiveIntegerField(default=1, editable=False)),
        migrations.AddField("substance", "row_version", models.PositiveIntegerField(default=1, editable=False)),
        migrations.AddField("substancesynonym", "row_version", models.PositiveIntegerField(default=1, editable=False)),
        # Written through the ORM only with all columns; the database gives the first version to any other writer.
        migrations.RunSQL(
            "".join(
                f"ALTER TABLE register_{name} ALTER COLUMN row_version SET DEFAULT 1;"
                for name in ("user", "apitoken", "substance", "substancesynonym")
            ),
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(SCHEMA + TABLES + FUNCTIONS + GUARDS, migrations.RunSQL.noop),
        migrations.RunSQL(KEEPER, migrations.RunSQL.noop),
        migrations.RunSQL(TRACKED, migrations.RunSQL.noop),
        migrations.RunSQL(LOOKS, migrations.RunSQL.noop),
        migrations.DeleteModel("AccessEvent"),
    ])
