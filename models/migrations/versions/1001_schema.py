"""Make the tables, indexes and guards of Casebeat 1.0.0, as the SQL file of the same name has them."""

from pathlib import Path

from alembic import op

revision = "1001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text("utf-8"))
