"""The rights of the application's role and of the reporting role on all that is in the schema, or is made later."""

RIGHTS = (
    # Extracts are staged in temporary tables; whoever owns the database may grant them, and else the doctor says so.
    """
    do $$ begin
        execute format('grant temporary on database %I to casebeat_app', current_database());
    exception when insufficient_privilege then null;
    end $$
    """,
    "revoke create on schema public from public",
    "grant usage on schema public to casebeat_app, casebeat_report",
    "grant select, insert, update, delete on all tables in schema public to casebeat_app",
    # The database sets an audit row's id and moment, and makes the seals: where it can, see revision 1002.
    """
    do $$
    begin
        if to_regclass('public.audit') is not null then
            revoke insert, update, delete on audit, audit_seals from casebeat_app;
            grant insert (verb, by, about, ref, to_ref, reason, detail) on audit to casebeat_app;
        end if;
        if to_regprocedure('public.seal_audit(integer)') is not null then
            revoke execute on function seal_audit(integer) from public;
            grant execute on function seal_audit(integer) to casebeat_app;
        end if;
    end $$
    """,
    "revoke insert, update, delete on alembic_version from casebeat_app",
    "grant usage, select on all sequences in schema public to casebeat_app",
    "grant select on all tables in schema public to casebeat_report",
    "alter default privileges in schema public grant select, insert, update, delete on tables to casebeat_app",
    "alter default privileges in schema public grant usage, select on sequences to casebeat_app",
    "alter default privileges in schema public grant select on tables to casebeat_report",
    # PostgreSQL 17 can let a role keep statistics fresh without owning the tables; before, autovacuum does it.
    """
    do $$
    declare name text;
    begin
        if current_setting('server_version_num')::int >= 170000 then
            for name in select relname from pg_class where relnamespace = 'public'::regnamespace
                and relkind in ('r', 'v') and relname not in ('audit', 'audit_seals', 'alembic_version')
            loop
                execute format('grant maintain on %I to casebeat_app', name);
            end loop;
            execute 'alter default privileges in schema public grant maintain on tables to casebeat_app';
        end if;
    end $$
    """,
)
