"""`casebeat audit export`: the rows of a case, a person, a period; the file; and its own audit row."""

import csv
import json
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text

from config.terms import Verb
from models.audit import AuditRow
from models.queries import audit
from models.queries.audit import AuditEntry
from tasks.audit_log import sealing
from tasks.servers import database as way
from tests.support.ran import Ran
from tests.worlds.one_case import CASE, OneCase

Call = Callable[..., Ran]
ENTRY = AuditEntry(Verb.CONSULTATION, "list", "all forces", "obligations", by="=cmd")


def rows_of(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def add(database: Engine, *entries: AuditEntry, at: str | None = None) -> None:
    """Write rows, of a moment of the test's own if it names one, as only the tables' owner can."""
    engine = database if at is None else way.owner_engine()
    with engine.begin() as connection:
        if at is not None:
            connection.execute(text("alter table audit disable trigger audit_sets_its_moment"))
        moment = {} if at is None else {"at": datetime.fromisoformat(at)}
        for one in entries:
            connection.execute(insert(AuditRow).values(**one._asdict(), **moment))
    if at is not None:
        engine.dispose()


def test_all_rows_with_their_seals_and_the_request_in_the_log(database: Engine, run_cli: Call, tmp_path: Path) -> None:
    with database.begin() as connection:
        audit.record(connection, ENTRY._replace(detail={"é": 1}), ENTRY._replace(to_ref="P1"))
    sealing.seal()
    add(database, ENTRY)
    file = tmp_path / "all.jsonl"
    done = run_cli("audit", "export", str(file))
    assert (done.code, done.out, done.err) == (0, f"3 audit rows written to {file}.\n", "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, second, third = rows_of(file)
    assert {**first, "at": ""} == {
        "id": 1, "at": "", "verb": "consultation", "by": "=cmd", "about": "list", "ref": "all forces", "to_ref": None,
        "reason": "obligations", "detail": {"é": 1}, "seal": 1,
    }  # fmt: skip
    assert (second["to_ref"], second["seal"], third["seal"]) == ("P1", 1, None)
    with database.connect() as connection:
        verb, about, ref = connection.execute(text("select verb, about, ref from audit order by id desc limit 1")).one()
    assert (verb, about, ref) == ("consultation", "audit", "all")
    made = run_cli("audit", "export", str(tmp_path / "b.csv"), "--json")
    assert json.loads(made.out) == {"file": str(tmp_path / "b.csv"), "rows": 4}


def test_a_spreadsheet_runs_no_cell(database: Engine, run_cli: Call, tmp_path: Path) -> None:
    add(database, ENTRY)
    file = tmp_path / "all.csv"
    assert run_cli("audit", "export", str(file)).code == 0
    head, row = csv.reader(file.read_text("utf-8").splitlines())
    assert head == ["id", "at", "verb", "by", "about", "ref", "to_ref", "reason", "detail", "seal"]
    assert row[3] == "'=cmd"
    assert row[6] == ""


def test_a_case_has_all_that_is_about_it_and_nothing_of_another(
    database: Engine, run_cli: Call, tmp_path: Path
) -> None:
    book = OneCase(database, run_cli)
    book.case("45/9")
    book.action("B1")
    book.say("update actions set key_id = (select id from case_keys where case_ref = '45/9') where action_ref = 'B1'")
    book.changed()
    book.rounds("Mon 9 Mar 2026", "Tue 17 Mar 2026")
    run_cli("explain", CASE)
    run_cli("explain", "45/45/9")
    obligation = book.ask("select o.id from obligations o join case_keys k on k.id = o.case_id "
                          "where k.case_ref = '45/1234' and rule = 'action' order by id desc limit 1")[0]  # fmt: skip
    for key, case in (("letter:1", "45/1234"), ("letter:2", "45/9")):
        book.say(
            """insert into messages (key, kind, contact_ref, channel, day, state, due_at)
               values (:key, 'letter', 'P1', 'email', '2026-03-17', 'sent', '2026-03-17 09:00Z')""",
            key=key,
        )
        book.say(
            """update notifications set message_id = (select id from messages where key = :key)
               where obligation_id in (select o.id from obligations o join case_keys k on k.id = o.case_id
                                       where k.case_ref = :case)""",
            key=key, case=case,
        )  # fmt: skip
    add(
        database,
        AuditEntry(Verb.DISCLOSURE, "message", "letter:1", "sent", to_ref="P1"),
        AuditEntry(Verb.DISCLOSURE, "message", "letter:2", "another", to_ref="P1"),
        AuditEntry(Verb.ALTERATION, "promise", f"{obligation}:1", "action"),
        AuditEntry(Verb.ALTERATION, "promise", f"{obligation}0:1", "another"),
        AuditEntry(Verb.ALTERATION, "action", "A1:7", "complete-action"),
        AuditEntry(Verb.ALTERATION, "action", "B1:7", "another"),
    )
    file = tmp_path / "case.jsonl"
    assert run_cli("audit", "export", str(file), "--case", CASE).code == 0
    found = rows_of(file)
    assert {one["about"] for one in found} >= {"step", "message", "case", "promise", "action"}
    assert "another" not in {one["reason"] for one in found}
    steps = book.ask(
        """select s.obligation_id || ':' || s.step from steps s join obligations o on o.id = s.obligation_id
           join case_keys k on k.id = o.case_id where k.case_ref = '45/1234' order by 1"""
    )
    assert steps
    assert sorted({one["ref"] for one in found if one["about"] == "step"}) == steps
    assert [one["ref"] for one in found if one["about"] == "case"] == [CASE]


def test_a_person_and_a_period(database: Engine, run_cli: Call, tmp_path: Path) -> None:
    for at in ("2026-03-15T23:59:59Z", "2026-03-16T00:00:00Z", "2026-06-01T22:59:59Z", "2026-06-01T23:00:00Z"):
        add(database, ENTRY._replace(by="P1", reason=at), ENTRY._replace(to_ref="P1", reason=at), ENTRY, at=at)
    file = tmp_path / "p.jsonl"
    asked = ("--person", "P1", "--since", "2026-03-16", "--until", "01/06/2026")
    assert run_cli("audit", "export", str(file), *asked).code == 0
    assert [one["reason"] for one in rows_of(file)] == ["2026-03-16T00:00:00Z"] * 2 + ["2026-06-01T22:59:59Z"] * 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["x.txt"], "Name a file that ends in .csv or .jsonl. Nothing was done."),
        (["there.csv"], "there.csv is there already: name another file. Nothing was done."),
        (["x.csv", "--case", "45/none"], "There is no case 45/none in the book. Write FORCE/CASE_REF."),
        (["x.csv", "--since", "2026-03-02", "--until", "2026-03-01"], "--since is later than --until."),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_no_file_and_no_row(
    database: Engine, run_cli: Call, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "there.csv").touch()
    done = run_cli("audit", "export", str(tmp_path / arguments[0]), *arguments[1:])
    assert done.code == 2
    assert sentence in done.err
    assert done.err.endswith("Nothing was done.\n")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["there.csv"]
    with database.connect() as connection:
        assert connection.execute(text("select count(*) from audit")).scalar_one() == 0
