"""A purge of the audit log: what is left is proved as before, and a break or a cut tail still shows."""

import getpass
import json
import os

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.audit_log import seals
from tasks.audit_log import sealing
from tasks.retention import audit_rows

LATER = "2033-06-01"  # seals are made at the database's own moment
A_ROW = """insert into audit (id, verb, by, about, ref, reason) overriding system value
           values (2, 'collection', 'x', 'extract', 'X', 'intake')"""
GUARDS = (
    ("audit", "audit_is_append_only"),
    ("audit", "audit_sets_its_moment"),
    ("audit_seals", "audit_is_append_only"),
)
ROW = AuditEntry(Verb.COLLECTION, about="extract", ref="X1", reason="intake")


@pytest.fixture
def log(database, monkeypatch):
    """A log of four seals, of three rows each, in virtual time; its rounds are of the day of the purge."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    for _ in range(4):
        with database.begin() as connection:
            audit.record(connection, ROW, ROW, ROW)
        assert sealing.seal() == 3
    with database.begin() as connection:
        connection.execute(text("insert into rounds (force_code, day, began_at, account) "
                                "values ('45', :day, now(), '{}')"), {"day": LATER})  # fmt: skip
    return database


def ask(database, statement):
    with database.connect() as connection:
        return list(connection.execute(text(statement)).scalars())


@pytest.fixture
def purge(run_cli):
    def purged(*more):
        return run_cli("purge", "audit", *more, "--as-of", LATER)

    return purged


def tamper(*statements):
    engine = create_engine(os.environ["CASEBEAT_DATABASE_OWNER_URL"], poolclass=NullPool)
    with engine.begin() as connection:
        for table in ("audit", "audit_seals"):
            connection.execute(text(f"alter table {table} disable trigger all"))
        for statement in statements:
            connection.execute(text(statement))
        for table, trigger in GUARDS:
            connection.execute(text(f"alter table {table} enable always trigger {trigger}"))
    engine.dispose()


def test_old_seals_go_with_their_rows_and_the_rest_is_proved(log, purge, run_cli):
    assert "  audit     9 audit rows, up to Tue 1 Jun 2027" in purge().out
    assert ask(log, "select count(*) from audit") == [12]
    assert "  audit     9 audit rows, up to Tue 1 Jun 2027" in purge("--apply").out
    assert ask(log, "select number from audit_seals order by 1") == [4, 5]
    assert ask(log, "select about || ' ' || ref from audit where id > 12") == ["audit seal 3"]
    found = run_cli("audit", "verify")
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith(
        "The audit log is as it was sealed: 4 rows of 2 seals, 0 rows not sealed yet. It begins after seal 3: 9 rows "
        f"before were erased by {getpass.getuser()} ("
    )
    assert "). The first seal that is left was made on " in found.out


def test_the_last_seal_never_goes_and_a_second_purge_leaves_a_log_that_holds(log, purge, run_cli):
    for _ in range(3):
        assert purge("--apply").code == 0
    assert ask(log, "select min(number) from audit_seals")[0] > 4
    assert run_cli("audit", "verify").code == 0


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("update audit set reason = 'other' where id = 11", "Row 11 is not as it was when seal 4 was made"),
        ("delete from audit where id = 12", "Row 12 is missing; seal 4 of "),
        ("update audit set detail = detail || '{\"digest\": \"00\"}' where id = 13", "Seal 4 of "),
        ("delete from audit_seals where number = 4", "Seal 1 is missing."),
        ("delete from audit where id = 13", "Seal 1 is missing."),
        (A_ROW, "Row 2 was added later among rows"),
    ],
)  # fmt: skip
def test_a_change_of_what_is_left_still_shows(log, purge, run_cli, statement, sentence, monkeypatch):
    purge("--apply")
    monkeypatch.setattr(seals, "SETTLED", "interval '0 days'")
    tamper(statement)
    done = run_cli("audit", "verify")
    assert done.code == 1
    assert done.out.startswith(sentence), done.out


def test_a_cut_tail_shows_by_a_head_and_a_head_that_was_erased_is_named(log, purge, run_cli):
    with log.connect() as connection:
        heads = {number: f"{number}:{seals.digest_of(connection, number)[:32]}" for number in range(1, 5)}
    purge("--apply")
    assert run_cli("audit", "verify", "--head", heads[4]).code == 0
    assert run_cli("audit", "verify", "--head", heads[3]).code == 0
    gone = run_cli("audit", "verify", "--head", heads[2])
    assert gone.code == 2
    assert "Seal 2 was erased with the beginning of the log, up to seal 3" in gone.err
    last = json.loads(run_cli("audit", "verify", "--json").out)["head"]
    tamper("delete from audit_seals where number = 5", "delete from audit where id = 13")
    cut = run_cli("audit", "verify", "--head", last)
    assert cut.code == 1


def test_a_purge_that_dies_leaves_a_log_that_holds_and_goes_on(log, purge, run_cli, monkeypatch):
    monkeypatch.setattr(audit_rows, "SEALS", 1)
    record, calls = audit.record, []

    def dies(*given):
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError
        return record(*given)

    monkeypatch.setattr(audit, "record", dies)
    assert purge("--apply").code == 1
    assert ask(log, "select min(number) from audit_seals") == [2]
    monkeypatch.setattr(audit, "record", record)
    assert json.loads(run_cli("audit", "verify", "--json").out)["erased"] == 1
    assert purge("--apply").code == 0
    assert json.loads(run_cli("audit", "verify", "--json").out)["erased"] >= 3


def test_the_log_is_closed_again_to_everybody(log, purge):
    purge("--apply")
    for statement in ("delete from audit", "delete from audit_seals"):
        engine = create_engine(os.environ["CASEBEAT_DATABASE_OWNER_URL"], poolclass=NullPool)
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()


def test_a_role_that_owns_nothing_is_refused(log, purge, monkeypatch):
    monkeypatch.setenv("CASEBEAT_DATABASE_OWNER_URL", os.environ["CASEBEAT_DATABASE_URL"])
    done = purge("--apply")
    assert done.code == 2
    assert "must name the role that owns the tables" in done.err
    assert ask(log, "select count(*) from audit") == [12]
