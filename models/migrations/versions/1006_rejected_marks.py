"""Keep the marks of rejected rows whose case is not known: they guard the cases that are linked with it."""

from alembic import op

revision = "1006"
down_revision = "1005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(
        """create table rejected_marks (
               source_id bigint not null,
               force_code text not null,
               case_ref text not null,
               urn_root text,
               restricted boolean not null,
               barred_refs text[] not null,
               constraint pk_rejected_marks primary key (source_id, force_code, case_ref)
           )"""
    )
