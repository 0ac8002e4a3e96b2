"""Remove what followed a URN and is no suffix: it may be free text, which is not stored."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("cases", "cps_cases", "incidents", "actions", "reviews", "referrals", "orders", "pleas")
LETTERS = r"([/-]?[A-Z]{1,2}|\([A-Z]{1,2}\))"
DIGITS = r"([/-]?[0-9]{1,3}|\([0-9]{1,3}\))"


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"update {table} set urn_suffix = null where urn_suffix !~ '^{LETTERS}?{DIGITS}?$'")
