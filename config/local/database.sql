-- Rights on the register's own database, given at every start by whoever may give them; running it again changes nothing.
-- Rights on tables are given by the migrations, beside the tables.

DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM register_app, register_stats, register_keeper, register_viewer', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO register_app, register_stats, register_keeper, register_viewer', current_database());
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
