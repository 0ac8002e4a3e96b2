"""Add the columns of the extract that duties need: status, views, orders told, charged codes, barred contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DAYS = {
    "cases": (
        "status_changed_on",
        "status_on",
        "status_seen_on",
        "bail_views_on",
        "release_reviewed_on",
        "victim_told_on",
        "nfa_reviewed_on",
        "nfa_victim_told_on",
    ),
    "cps_cases": ("not_stalking_reason_on",),
    "incidents": ("breach_decided_on",),
    "orders": ("served_on", "notified_on", "victim_told_on"),
}
REFS = {"cases": ("spoc_ref", "suspect_key", "victim_key"), "cps_cases": ("spoc_ref",)}
LISTS = {"cases": "barred_refs", "cps_cases": "charged_codes"}

# Of a status that is known already no change was seen: it counts from the source's extract before this version.
STATUS_DAYS = """
update cases set status_on = (s.last_extracted_at at time zone 'Europe/London')::date
from sources s where s.id = cases.source_id and cases.suspect_status is not null"""


def upgrade() -> None:
    for table, names in DAYS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Date(), nullable=True))
    for table, names in REFS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=True))
    for table, name in LISTS.items():
        op.add_column(table, sa.Column(name, sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.create_index(
        "ix_cases_barring", "cases", ["urn_key_id"], postgresql_where=sa.text("barred_refs <> '{}'::text[]")
    )
    op.create_index("ix_contacts_address", "contacts", [sa.text("lower(email)")])
    op.execute(STATUS_DAYS)
