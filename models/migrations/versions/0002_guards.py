"""Grant each role its rights, and close the audit log to changes."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    # Nobody changes the audit log, its owner included; an application role could not reach that far anyway.
    """
    create function audit_is_append_only() returns trigger language plpgsql as $$
    begin
        raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
    end $$
    """,
    """
    create trigger audit_is_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only()
    """,
    "alter table audit enable always trigger audit_is_append_only",
    "revoke create on schema public from public",
    "grant usage on schema public to casebeat_app, casebeat_report",
    "grant select, insert, update, delete on all tables in schema public to casebeat_app",
    "revoke update, delete on audit from casebeat_app",
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
                and relkind = 'r' and relname not in ('audit', 'alembic_version')
            loop
                execute format('grant maintain on %I to casebeat_app', name);
            end loop;
            execute 'alter default privileges in schema public grant maintain on tables to casebeat_app';
        end if;
    end $$
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
