"""Hold an extract that is unlike its source, and keep who decided on it, among people's acts."""

from alembic import op

revision = "1007"
down_revision = "1006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(
        """alter table extracts drop constraint ck_extracts_state,
               add constraint ck_extracts_state check (state in ('loaded', 'refused', 'held'));
           alter table acts add column extract_id bigint, drop constraint ck_acts_of_one,
               add constraint ck_acts_of_one check (num_nonnulls(
                   promise_id, completion_id, outcome_id, convening_id, undoing_id, hold_id, extract_id) = 1),
               add constraint fk_acts_extract_id_extracts foreign key (extract_id) references extracts (id);
           create index ix_acts_extract_id on acts (extract_id) where extract_id is not null"""
    )
