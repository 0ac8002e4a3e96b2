"""Grant each role its rights, and close the audit log to changes."""

from alembic import op

from models.migrations.rights import RIGHTS

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
    *RIGHTS,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
