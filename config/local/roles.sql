-- The three roles of the register, made by the superuser at every start; running it again changes nothing.
-- A role that needs another role's rights (an owner of the trail, a role for backups) is added here as well.

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

    FOREACH wanted IN ARRAY ARRAY['register_owner', 'register_app', 'register_stats'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', wanted);
        END IF;
        SELECT * INTO STRICT found FROM pg_roles WHERE rolname = wanted;
        IF NOT found.rolcanlogin THEN
            EXECUTE format('ALTER ROLE %I LOGIN', wanted);
        END IF;
        -- Only a superuser may take these away, so they are named only when the role has them.
        IF found.rolsuper OR found.rolbypassrls OR found.rolreplication OR found.rolcreaterole OR found.rolcreatedb THEN
            EXECUTE format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS NOREPLICATION NOCREATEROLE NOCREATEDB', wanted);
        END IF;
    END LOOP;

    -- A superuser needs no membership; another creator must belong to the owner to give it a database.
    IF NOT creator.rolsuper AND NOT pg_has_role(current_user, 'register_owner', 'USAGE') THEN
        EXECUTE format('GRANT register_owner TO %I', current_user);
    END IF;
END
$$;

-- A statistic that takes longer is a mistake, and must not slow anybody else down.
ALTER ROLE register_stats SET statement_timeout = '2s';
