"""SIGKILL at every boundary of a reading of the reply Maildir: no mail is lost, and nothing is done twice."""

import os
import shutil
from pathlib import Path

import psycopg2
import pytest

from tasks.servers import database as way
from tasks.servers import postgres
from tests.faults.process import Call, Process
from tests.faults.size import LONGEST, chance, points
from tests.support.copies import as_superuser, copy_database
from tests.worlds.one_case import OneCase
from tests.worlds.replies import Answerers, have_maildir

pytestmark = pytest.mark.timeout(LONGEST)
ASKED = ("until Thursday", "show", "not mine", "done")
IN_THE_END = {  # however often a reader died
    "select count(*), count(distinct identity) from replies where answered is not null": [(4, 4)],
    "select answered from replies order by answered": [("completed",), ("passed on",), ("promised",), ("shown",)],
    "select count(*) from messages where kind = 'answer'": [(4,)],
    "select count(*) from promises": [(1,)],
    "select count(*) from notifications where happening = 'handed_over'": [(1,)],
    "select count(*) from completions": [(1,)],
    "select count(*) from audit where about = 'reply'": [(4,)],
}


@pytest.fixture
def eve(database, run_cli, tmp_path, monkeypatch):
    """Four replies lie in a Maildir. Each reader gets a copy of it and of the database."""
    box = tmp_path / "eve"
    have_maildir(monkeypatch, box)
    people = Answerers(OneCase(database, run_cli), tmp_path / "home").on("Tue 17 Mar 2026")
    for number, said in enumerate(ASKED):
        (box / "new" / f"{number}.test").write_bytes(people.letter("P1", said, people.subject("P1")))
    way.close()
    database.dispose()
    return box


def reader(box: Path, url: str, **more) -> Process:
    env = {name: value for name, value in os.environ.items() if name.startswith("CASEBEAT_")}
    env |= {"CASEBEAT_REPLIES__MAILDIR": str(box), "CASEBEAT_DATABASE_URL": url}
    return Process(Call(box.with_name(f"{box.name}-call"), env, ("replies", "--as-of", "2026-03-17"), **more))


def ask(server: Path, name: str, statement: str):
    where = postgres.url(server).partition("?host=")[2]
    opened = psycopg2.connect(host=where, user="postgres", dbname=name)
    try:
        with opened.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()
    finally:
        opened.close()


def test_killed_at_any_boundary_a_reading_is_made_up_for(eve, server, tmp_path, database):
    def killed(at: int | None) -> list[str]:
        """Kill a reader at a boundary, let another read, and check what came of the mails. Return the boundaries."""
        name, box = f"replies{at or 0}", tmp_path / "home" / f"replies{at or 0}"
        copy_database(server, database.url.database, name)
        shutil.copytree(eve, box)
        try:
            first = reader(box, postgres.url(server, database=name), kill_at=at)
            code, crossed = first.join(), first.crossed
            assert code == (0 if at is None else -9), first.said
            again = reader(box, postgres.url(server, database=name), watched=False)
            assert again.join() == 0, again.said
            for statement, expected in IN_THE_END.items():
                assert ask(server, name, statement) == expected, (at, crossed[-1], statement)
            assert [*(box / "new").iterdir(), *(box / "cur").iterdir()] == []
            assert len(list((box / ".Casebeat done" / "cur").iterdir())) == len(ASKED)
        finally:
            as_superuser(server, f"drop database {name} with (force)")
        return crossed

    crossed = killed(None)
    assert "file: before os.rename in replies0/.Casebeat done/cur" in crossed
    assert crossed.count("database: after commit") >= len(ASKED)
    for at in points(crossed, 1, chance("replies")):
        killed(at)
