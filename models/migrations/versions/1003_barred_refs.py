"""Find contacts by their reference in any case of letters, and part stored lists of who is barred as intake does."""

from alembic import op

revision = "1003"
down_revision = "1002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create index ix_contacts_reference on contacts (lower(contact_ref))")
    op.execute(
        """update cases set barred_refs = array(
               select distinct part.ref from unnest(barred_refs) named(ref) cross join lateral (
                   select named.ref union all select regexp_split_to_table(named.ref, '[\\s,|]+')) part
               where part.ref <> '' order by 1)
           where barred_refs <> array[]::text[] and array_to_string(barred_refs, ';') ~ '[\\s,|]'"""
    )
