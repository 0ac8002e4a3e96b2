"""Keep the days that the rows of suspects and defendants told before, as those of cases are kept."""

from alembic import op

revision = "1018"
down_revision = "1017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """alter table earlier_days add column ref text,
               drop constraint uq_earlier_days_key_id_name_day_state,
               add constraint uq_earlier_days_key_id_ref_name_day_state
                   unique nulls not distinct (key_id, ref, name, day, state)"""
    )
