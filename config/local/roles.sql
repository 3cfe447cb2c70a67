-- The roles of the register, made by the superuser at every start; running it again changes nothing.
-- register_owner migrates, register_app works, register_stats reads what is published. Around the trail stand three more
-- (ADR 0017): register_trail owns it and never logs in, register_keeper seals, verifies and dumps, register_viewer reads
-- the log for the privacy officer.

DO $$
DECLARE
    wanted text;
    found pg_roles%ROWTYPE;
    creator pg_roles%ROWTYPE;
BEGIN
    SELECT * INTO STRICT creator FROM pg_roles WHERE rolname = current_user;
    IF NOT (creator.rolsuper OR (creator.rolcreaterole AND creator.rolcreatedb)) THEN
        RAISE EXCEPTION 'register: % may not create roles and databases', current_user USING ERRCODE = '42501';
    END IF;

    FOREACH wanted IN ARRAY ARRAY['register_owner', 'register_app', 'register_stats', 'register_trail',
                                  'register_keeper', 'register_viewer'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I', wanted);
        END IF;
        SELECT * INTO STRICT found FROM pg_roles WHERE rolname = wanted;
        IF found.rolcanlogin <> (wanted <> 'register_trail') THEN
            EXECUTE format('ALTER ROLE %I %s', wanted, CASE WHEN found.rolcanlogin THEN 'NOLOGIN' ELSE 'LOGIN' END);
        END IF;
        -- Only a superuser may take these away, so they are named only when the role has them.
        IF found.rolsuper OR found.rolbypassrls OR found.rolreplication OR found.rolcreaterole OR found.rolcreatedb THEN
            EXECUTE format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEROLE NOCREATEDB', wanted);
        END IF;
    END LOOP;

    -- A migration gives the tables of the trail to their owner.
    IF NOT pg_has_role('register_owner', 'register_trail', 'MEMBER') THEN
        GRANT register_trail TO register_owner;
    END IF;

    -- A superuser needs no membership; another creator must belong to the owner to give it a database.
    IF NOT creator.rolsuper AND NOT pg_has_role(current_user, 'register_owner', 'USAGE') THEN
        EXECUTE format('GRANT register_owner TO %I', current_user);
    END IF;
END
$$;

-- A statistic that takes longer is a mistake, and must not slow anybody else down.
ALTER ROLE register_stats SET statement_timeout = '2s';
