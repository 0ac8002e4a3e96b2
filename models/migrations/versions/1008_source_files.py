"""Keep when each file of a source was last in an extract, and since when it is left out."""

from alembic import op

revision = "1008"
down_revision = "1007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(
        """create table source_files (
               source_id bigint not null,
               file text not null,
               sent_at timestamptz,
               left_out_at timestamptz,
               constraint pk_source_files primary key (source_id, file));
           create index ix_source_files_left_out on source_files (source_id) where left_out_at is not null;
           insert into source_files (source_id, file, sent_at)
           select s.id, f.file, max(e.extracted_at)
           from extracts e join sources s on s.name = e.source_name
           cross join lateral jsonb_object_keys(e.counts) f(file)
           where e.state = 'loaded' group by s.id, f.file;
           alter table source_columns drop constraint ck_source_columns_state,
               add constraint ck_source_columns_state check (state in ('sent', 'supposed', 'left out', 'lacking'))"""
    )
