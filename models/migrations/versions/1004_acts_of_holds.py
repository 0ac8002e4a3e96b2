"""Keep who placed and who released a hold, among people's acts."""

from alembic import op

revision = "1004"
down_revision = "1003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(
        """alter table acts add column hold_id bigint, drop constraint ck_acts_of_one,
               add constraint ck_acts_of_one check (
                   num_nonnulls(promise_id, completion_id, outcome_id, convening_id, undoing_id, hold_id) = 1),
               add constraint fk_acts_hold_id_holds foreign key (hold_id) references holds (id);
           create index ix_acts_hold_id on acts (hold_id) where hold_id is not null"""
    )
