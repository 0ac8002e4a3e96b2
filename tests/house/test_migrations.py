"""The migrations make the tables of the models, and a database with older tables is refused."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from models import Base, migrations
from models.errors import Refuse
from tasks.servers import backup, migrate
from tasks.servers import database as way
from tests.support.older_database import A_SOURCE, older_database
from tests.worlds.rows import AT_NINE

BY_ANOTHER = "update alembic_version set version_num = '{}'"


def test_models_equal_migrations(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, Base.metadata) == []


def test_constraints_and_storage_equal_those_of_the_models(database: Engine, connection: Connection) -> None:
    """Make the models' tables and compare: Alembic ignores checks, storage and the conditions of partial indexes."""
    made = _shape(connection)
    engine = way.owner_engine()
    with engine.begin() as owner:
        owner.execute(text("create schema fresh"))
        owner.execute(text("set local search_path to fresh"))
        Base.metadata.create_all(owner, checkfirst=False)
        fresh = _shape(owner)
        owner.rollback()
    engine.dispose()
    assert made == fresh
    assert any("ix_cases_waiting" in line for line in made)
    assert any("reviews quorate s" in line for line in made)


def _shape(connection: Connection) -> list[str]:
    constraints = """
        select conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
        where connamespace = current_schema()::regnamespace
    """
    indexes = "select indexdef from pg_indexes where schemaname = current_schema()"
    storage = """
        select relname || ' ' || coalesce(reloptions::text, '') from pg_class
        where relnamespace = current_schema()::regnamespace and relkind = 'r'
    """
    generated = """
        select attrelid::regclass::text || ' ' || attname || ' ' || attgenerated::text || ' '
               || pg_get_expr(adbin, adrelid)
        from pg_attribute join pg_attrdef on adrelid = attrelid and adnum = attnum
        join pg_class on pg_class.oid = attrelid
        where attgenerated <> '' and relnamespace = current_schema()::regnamespace
    """
    lines = [
        line for each in (constraints, indexes, storage, generated) for line in connection.execute(text(each)).scalars()
    ]
    ours = (line.replace("public.", "").replace("fresh.", "") for line in lines if "alembic_version" not in line)
    return sorted(ours)


def test_the_newest_revision_is_known_without_alembic() -> None:
    assert ScriptDirectory.from_config(migrate.configuration()).get_current_head() == migrations.HEAD


def test_migrating_twice_changes_nothing(database: Engine) -> None:
    assert migrate.migrate(way.owner_url()) == migrations.HEAD


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update alembic_version set version_num = '0028'", "from a trial before Casebeat 1.0.0"),
        ("update alembic_version set version_num = '9999'", "newer than this code .*upgrade Casebeat"),
        ("delete from alembic_version", "no Casebeat tables yet: run casebeat migrate"),
        ("drop table alembic_version", "no Casebeat tables yet: run casebeat migrate"),
    ],
)
def test_another_schema_than_the_codes_is_refused(database: Engine, statement: str, said: str) -> None:
    owner = way.owner_engine()
    with owner.begin() as connection:
        connection.execute(text(statement))
    owner.dispose()
    way.close()
    with pytest.raises(Refuse, match=said):
        way.engine()


def test_tables_older_than_the_code_are_refused(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    way.close()
    monkeypatch.setattr(migrations, "HEAD", "1999")
    with pytest.raises(Refuse, match=r"older than this code .*back up, then casebeat migrate"):
        way.engine()


def test_tables_of_a_newer_casebeat_are_not_migrated(server: Path) -> None:
    another = older_database(server, migrations.FIRST, [BY_ANOTHER.format("9999")])
    with another as newer, pytest.raises(Refuse, match="newer than this code"):
        migrate.migrate(newer.url)


def test_tables_of_a_trial_are_neither_migrated_nor_backed_up(server: Path, tmp_path: Path) -> None:
    with older_database(server, migrations.FIRST, [BY_ANOTHER.format("0028")]) as trial:
        with pytest.raises(Refuse, match="loading the newest extract of each source"):
            migrate.migrate(trial.url)
        with pytest.raises(Refuse, match="loading the newest extract of each source"):
            backup.back_up(trial.url, tmp_path / "book.zip", AT_NINE, lambda *_: None)
    assert list(tmp_path.iterdir()) == []


def test_lists_of_who_is_barred_that_1_0_0_took_for_one_reference_are_parted(server: Path) -> None:
    keys = "insert into case_keys (id, force_code, case_ref) values (901, '45', 'C1'), (902, '45', 'C2')"
    cases = """insert into cases (id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                                  oic_ref, source_id, barred_refs)
               select id, '45', case_ref, 'South East', '2026-01-05', '{PH97010}', 'stalking', 'high', 'P1',
                      (select min(id) from sources), case case_ref when 'C1' then '{"P1,SP1 | X2"}'::text[]
                                                                   else '{P1,"PC 12"}' end
               from case_keys"""
    with older_database(server, migrations.FIRST, [A_SOURCE, keys, cases]) as of_1001:
        migrate.migrate(of_1001.url)
        found = of_1001.ask("select case_ref, array(select unnest(barred_refs) order by 1) from cases order by 1")
    assert [(ref, sorted(refs)) for ref, refs in found] == [
        ("C1", ["P1", "P1,SP1 | X2", "SP1", "X2"]), ("C2", ["12", "P1", "PC", "PC 12"]),
    ]  # fmt: skip


def test_acts_that_wait_to_be_told_stay_when_those_of_holds_are_kept_too(server: Path) -> None:
    before = (
        """insert into undoings (after_on, by_ref, undone_on, undone_at, account)
           values ('2026-03-16', 'L1', '2026-03-17', '2026-03-17 09:00Z', '{}')""",
        """insert into acts (made_at, made_on, by_ref, door, through_ref, undoing_id)
           select undone_at, undone_on, by_ref, 'command', 'root', id from undoings""",
        """insert into messages (key, kind, contact_ref, channel, day, about, due_at)
           select 'act:1:L1:email', 'act', by_ref, 'email', made_on, id::text, made_at from acts""",
    )
    waiting = """select a.by_ref, a.undoing_id is not null, a.hold_id, m.state
                 from acts a join messages m on m.about = a.id::text"""
    with older_database(server, "1001", before) as older:
        migrate.migrate(older.url)
        assert older.ask(waiting) == [("L1", True, None, "queued")]
        with pytest.raises(IntegrityError, match="ck_acts_of_one"):
            older.run("update acts set undoing_id = null")


def test_extracts_stay_as_they_were_judged_when_they_can_be_held_too(server: Path) -> None:
    before = (
        """insert into extracts (extract_id, content, source_name, state, judged_at, counts)
           values ('x-1', 'c', 'niche-45', 'refused', '2026-03-17 05:10Z', '{}')""",
    )
    with older_database(server, "1005", before) as older:
        with pytest.raises(IntegrityError, match="ck_extracts_state"):
            older.run("update extracts set state = 'held'")
        migrate.migrate(older.url)
        assert older.ask("select extract_id, state from extracts") == [("x-1", "refused")]
        older.run("update extracts set state = 'held'")
        act = """insert into acts (made_at, made_on, by_ref, door, through_ref, extract_id)
                 select judged_at, '2026-03-17', 'L1', 'command', 'root', id from extracts"""
        older.run(act)
        assert older.ask("select by_ref, extract_id is null from acts") == [("L1", False)]
