"""Add indexes of the closed cases that are projected on, as an order outlives its case, and of the prosecutors."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEPT = "finalised_on is not null and (classification <> 'other' or declassified_on is not null)"


def upgrade() -> None:
    op.create_index(
        "ix_cases_kept", "cases", ["force_code", "projection", "finalised_reason"], postgresql_where=sa.text(KEPT)
    )
    op.create_index(
        "ix_contacts_prosecuting", "contacts", ["contact_ref"], postgresql_where=sa.text("'prosecutor' = any(roles)")
    )
