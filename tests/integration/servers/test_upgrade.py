"""Upgrades: no command migrates unasked, and the backup that `migrate` makes leads back to the older version."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models import migrations
from models.rules.obligations.rulebook import RULES
from tasks.servers import postgres, serving
from tests.support.older_database import A_SOURCE, THIS, OlderDatabase, before_migration, older_database
from tests.support.prepared import prepare
from tests.support.ran import Ran
from tests.worlds.extracts import a_case, a_contact, write

Cli = Callable[..., Ran]
REFUSED = "back up, then casebeat migrate"


@pytest.fixture
def home() -> Iterator[Callable[[], Path]]:
    """Data directories of their own, whose servers end with the test."""
    made: list[Path] = []

    def make() -> Path:
        made.append(Path(tempfile.mkdtemp(prefix="casebeat-tests-")))
        return made[-1]

    yield make
    for folder in made:
        postgres.stop(folder)
        shutil.rmtree(folder)


@pytest.fixture
def older(database: object, server: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OlderDatabase]:
    """A database of the first version, which the settings name."""
    with older_database(server, migrations.FIRST, [A_SOURCE]) as made:
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", made.url.replace("casebeat_owner", "casebeat_app"))
        monkeypatch.setenv("CASEBEAT_DATABASE_OWNER_URL", made.url)
        yield made


def test_both_versions_beside_each_other_and_the_way_back(home: Callable[[], Path], tmp_path: Path) -> None:
    book, elsewhere = home(), home()
    before = before_migration("1002", tmp_path / "older")
    rows = {"cases.csv": [a_case()], "contacts.csv": [a_contact()]}
    assert before.casebeat(book, "intake", str(write(tmp_path / "E1", rows))).code == 0
    owed = before.casebeat(book, "obligations", "--json").out
    assert "joint-review" in owed
    for command in (("status",), ("obligations", "--json"), ("run",)):
        unasked = THIS.casebeat(book, *command)
        assert (unasked.code, unasked.out) == (2, "")
        assert REFUSED in unasked.err
    assert before.casebeat(book, "obligations", "--json").out == owed
    asked = THIS.casebeat(book, "migrate")
    (saved,) = (book / "backups").iterdir()
    assert asked.out.startswith(f"The database is at revision 1001. casebeat migrate\n- backs it up into {saved}\n")
    assert asked.out.endswith(f"The database is at revision {migrations.HEAD}; it was at revision 1001.\n")
    assert THIS.casebeat(book, "obligations", "--json").out == owed
    assert "newer than this code" in before.casebeat(book, "obligations").err
    assert before.casebeat(elsewhere, "restore", str(saved), "--hold").code == 0
    assert before.casebeat(elsewhere, "obligations", "--json").out == owed


def test_serve_refuses_an_older_embedded_database_and_leaves_it(home: Callable[[], Path]) -> None:
    book = home()
    prepare(book)
    postgres.start(book)
    owner = OlderDatabase(postgres.url(book, role="casebeat_owner"))
    owner.run("update alembic_version set version_num = '1004'")
    served = THIS.casebeat(book, "serve")
    assert (served.code, served.out) == (2, "")
    assert REFUSED in served.err
    postgres.start(book)
    assert owner.ask("select version_num from alembic_version") == [("1004",)]


def test_a_plan_says_every_revision_and_neither_it_nor_a_refused_migration_changes_anything(
    older: OlderDatabase, run_cli: Cli, tmp_path: Path
) -> None:
    planned = run_cli("migrate", "--plan")
    assert planned.code == 0
    assert "    1002  Let the database set each audit row's moment" in planned.out
    with serving.only_one(tmp_path / "home"):
        assert "casebeat serve runs on" in run_cli("migrate").err
    assert f"- brings its tables to revision {migrations.HEAD}, all of it or nothing:\n" in planned.out
    assert older.ask("select version_num from alembic_version") == [("1001",)]


def test_a_backup_before_an_upgrade_is_audited_and_one_of_ones_own_needs_none(
    older: OlderDatabase, run_cli: Cli, tmp_path: Path
) -> None:
    assert run_cli("backup", str(tmp_path / "mine.zip")).code == 0
    assert older.ask("select about, reason from audit") == [("database", "backup")]
    assert "- makes no backup: you have one of your own\n" in run_cli("migrate", "--no-backup").out
    assert not (tmp_path / "home" / "backups").exists()
    assert run_cli("migrate").out == f"The database is at revision {migrations.HEAD}; it was there already.\n"
    nothing = f"The database is at revision {migrations.HEAD}: there is nothing to migrate.\n"
    assert run_cli("migrate", "--plan").out == nothing


def test_rules_that_a_book_in_use_has_not_met_are_named_with_since(older: OlderDatabase, run_cli: Cli) -> None:
    met = json.dumps(dict.fromkeys(sorted(RULES.keys() - {"order-told", "joint-review"})))
    older.run(f"insert into switches values ('met rules', '{met}', '2026-03-01', 'casebeat')")
    planned = run_cli("migrate", "--plan").out
    assert "New rules, which this book has not met: joint-review, order-told.\n" in planned
    assert '    overrides:\n      "45":\n        order-told: {since: ' in planned
    assert "joint-review: {since" not in planned, "it stands for as long as its case does"


def test_a_rule_of_the_first_version_is_not_new_where_nothing_ever_came_of_it(
    older: OlderDatabase, run_cli: Cli
) -> None:
    older.run("""
        insert into obligations (rule, subject, version, chain_from, edition, owed_by, due_on, remind_on, escalate_on,
                                 hard, stalls, because, began_on, last_step)
        values ('action', 'case', 1, 1, 'x', 'police', '2026-03-03', '2026-03-03', '2026-03-04', false, false, '[]',
                '2026-03-01', 1)""")
    since = "order-served, advocate-referral, suspect-wanted, danger"
    assert f"New rules, which this book has not met: {since}.\n" in run_cli("migrate", "--plan").out
