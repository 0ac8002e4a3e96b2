"""The chain of the audit log: sealing beside writers, and what `casebeat audit verify` finds after a change."""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.audit_log import seals
from tasks.audit_log import sealing
from tests.support.ran import Ran

Call = Callable[..., Ran]
GUARDS = (
    ("audit", "audit_is_append_only"),
    ("audit", "audit_sets_its_moment"),
    ("audit_seals", "audit_is_append_only"),
)
ROW = AuditEntry(Verb.COLLECTION, about="extract", ref="X1", reason="intake", detail={"b": 1, "a": [1.50, "é"]})


@pytest.fixture
def owner(database: Engine) -> Iterator[Engine]:
    """The database as its owner reaches it."""
    engine = create_engine(os.environ["CASEBEAT_DATABASE_OWNER_URL"], poolclass=NullPool)
    yield engine
    engine.dispose()


def write(database: Engine, rows: int) -> None:
    with database.begin() as connection:
        audit.record(connection, *(ROW._replace(ref=f"X{number}") for number in range(rows)))


def tamper(owner: Engine, *statements: str) -> None:
    """Change the log as someone who may do anything in the database."""
    with owner.begin() as connection:
        for table in ("audit", "audit_seals"):
            connection.execute(text(f"alter table {table} disable trigger all"))
        for statement in statements:
            connection.execute(text(statement))
        for table, trigger in GUARDS:
            connection.execute(text(f"alter table {table} enable always trigger {trigger}"))


def seals_of(database: Engine, *batches: int) -> None:
    """Write and seal so many rows a seal."""
    for rows in batches:
        write(database, rows)
        assert sealing.seal() == rows


def head_of(database: Engine) -> str:
    with database.connect() as connection:
        found = seals.head(connection)
    assert found
    return sealing.written(found)


def test_a_log_that_nobody_changed_holds(database: Engine, run_cli: Call) -> None:
    seals_of(database, 3, 2)
    write(database, 1)
    head = head_of(database)
    done = run_cli("audit", "verify", "--head", head)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"The audit log is as it was sealed: 5 rows of 2 seals, 1 row not sealed yet. Its head is {head}.\n"
    )
    found = json.loads(run_cli("audit", "verify", "--json").out)
    assert found == {
        "seals": 2, "rows": 5, "unsealed": 1, "head": head, "broken": None, "erased": 0, "erasure": "",
    }  # fmt: skip


def test_an_empty_log_holds(database: Engine, run_cli: Call) -> None:
    assert sealing.seal() == 0
    assert run_cli("audit", "verify").out == (
        "The audit log is as it was sealed: 0 rows of 0 seals, 0 rows not sealed yet. Its head is not there yet. Name "
        "the head of a daily report with --head: a cut of its end shows by that.\n"
    )


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (["update audit set reason = 'other' where id = 4"], "Row 4 is not as it was when seal 2 was made"),
        (["update audit set detail = '{}' where id in (3, 5)"], "Row 3 is not as it was when seal 1 was made"),
        (["update audit set at = at + interval '1 microsecond' where id = 2"], "Row 2 is not as it was"),
        (["update audit set to_ref = 'P1' where id = 1"], "Row 1 is not as it was"),
        (["delete from audit where id = 2"], "Row 2 is missing; seal 1 of "),
        (["update audit_seals set sealed_at = now() where number = 1"], "Seal 1 of "),
        (["update audit_seals set digest = sha256('x') where number = 2"], "Seal 2 of "),
        (["delete from audit_seals where number = 2"], "Seal 2 is missing."),
        (["delete from audit_seals where number = 1"], "Seal 1 is missing."),
        (["update audit set ref = 'Y' where id = 5",
          "update audit_seals set marks = sha256('x') where number = 2"], "Row 4 is not as it was"),
        (["update audit_seals set marks = sha256('x') where number = 2"], "The count, marks or reach of seal 2 were"),
        (["update audit_seals set row_count = 1 where number = 1"], "The count, marks or reach of seal 1 were"),
        (["update audit_seals set reach = 99 where number = 3"], "The count, marks or reach of seal 3 were"),
        (["update audit_seals set reach = 4 where number = 2"], "The count, marks or reach of seal 2 were"),
    ],
)  # fmt: skip
def test_the_first_row_that_was_changed_is_named(
    database: Engine, owner: Engine, run_cli: Call, statements: Sequence[str], sentence: str
) -> None:
    seals_of(database, 3, 2, 2)
    tamper(owner, *statements)
    done = run_cli("audit", "verify")
    assert done.code == 1
    assert done.out.startswith(sentence), done.out
    assert json.loads(run_cli("audit", "verify", "--json").out)["broken"].startswith(sentence)


def test_a_row_that_appears_after_a_day_is_named(
    database: Engine, owner: Engine, run_cli: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    seals_of(database, 2)
    with database.connect() as given_up:
        audit.record(given_up, ROW)
    seals_of(database, 2)
    monkeypatch.setattr(seals, "SETTLED", "interval '0 days'")
    tamper(owner, """insert into audit (id, verb, by, about, ref, reason) overriding system value
                     values (3, 'collection', 'x', 'extract', 'X', 'intake')""")  # fmt: skip
    done = run_cli("audit", "verify")
    assert (done.code, done.out.split(".")[0]) == (1, "Row 3 was added later among rows that were sealed")


def test_a_tail_that_was_cut_shows_by_the_head_of_a_report(database: Engine, owner: Engine, run_cli: Call) -> None:
    seals_of(database, 3, 2)
    head = head_of(database)
    tamper(owner, "delete from audit where id > 3", "delete from audit_seals where number = 2")
    assert run_cli("audit", "verify").code == 0
    done = run_cli("audit", "verify", "--head", head)
    assert (done.code, done.out.split(":")[0]) == (1, "Seal 2 is missing (the last one is seal 1)")
    write(database, 2)
    assert sealing.seal() == 2
    done = run_cli("audit", "verify", "--head", head)
    assert (done.code, done.out.split(":")[0]) == (1, "Seal 2 is another one than was reported")


def test_a_cut_tail_shows_by_the_reports_that_the_database_still_has(
    database: Engine, owner: Engine, run_cli: Call
) -> None:
    seals_of(database, 3)
    heads = [head_of(database)]
    seals_of(database, 2)
    for number, head in enumerate([*heads, head_of(database)], start=1):
        with database.begin() as connection:
            connection.execute(
                text("""insert into messages (key, kind, channel, day, state, due_at, text) values
                        (:key, 'operations', 'email', '2026-03-17', 'sent', now(), :said)"""),
                {"key": f"daily:{number}", "said": f"All is well.\n\nThe audit log is sealed up to {head} (so).\n"},
            )
    assert run_cli("audit", "verify").code == 0
    tamper(owner, "delete from audit where id > 3", "delete from audit_seals where number = 2")
    done = run_cli("audit", "verify")
    assert (done.code, done.out.split(":")[0]) == (1, "Seal 2 is missing (the last one is seal 1)")
    tamper(owner, "delete from audit", "delete from audit_seals")
    assert run_cli("audit", "verify").out.startswith("Seal 1 is missing (there is none): the end of the log was cut")


@pytest.mark.parametrize("typed", ["5", "0:3f9a0c51d27e44b8", "5:3f9a", "5:3F9A0C51D27E44B8", "x:y", "5:" + "a" * 65])
def test_a_head_that_is_none_is_refused(database: Engine, run_cli: Call, typed: str) -> None:
    done = run_cli("audit", "verify", "--head", typed)
    assert (done.code, done.err) == (
        2, "casebeat: A head is a number and hexadecimal digits, as in the daily report: 812:3f9a0c51d27e44b8.\n"
    )  # fmt: skip


def test_a_row_that_commits_late_is_in_the_next_seal(database: Engine, run_cli: Call) -> None:
    with database.connect() as late:
        audit.record(late, ROW._replace(ref="late"))
        seals_of(database, 2)
        late.commit()
    assert sealing.seal() == 1
    seals_of(database, 1)
    assert json.loads(run_cli("audit", "verify", "--json").out) == {
        "seals": 3, "rows": 4, "unsealed": 0, "head": head_of(database), "broken": None, "erased": 0, "erasure": "",
    }  # fmt: skip


def test_many_rows_become_several_seals(database: Engine, run_cli: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "ROWS", 3)
    write(database, 7)
    assert sealing.seal() == 7
    found = json.loads(run_cli("audit", "verify", "--json").out)
    assert (found["seals"], found["rows"], found["broken"]) == (3, 7, None)


def test_a_second_process_that_seals_waits_for_nobody(database: Engine) -> None:
    write(database, 2)
    with database.begin() as first:
        assert seals.seal(first) == 2
        assert sealing.seal() == 0
    assert sealing.seal() == 0


def _write_and_seal(rows: int) -> None:
    from tasks.servers import database as way  # noqa: PLC0415  this process's own engine

    for number in range(rows):
        with way.transaction() as connection:
            audit.record(connection, ROW._replace(ref=f"{os.getpid()}:{number}"))
        sealing.seal()


def test_processes_that_write_seal_and_are_killed_leave_a_chain_that_holds(database: Engine, run_cli: Call) -> None:
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=_write_and_seal, args=(10_000,)) for _ in range(3)]
    sessions = text("select count(*) from pg_stat_activity where datname = current_database()")
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        before = connection.execute(sessions).scalar_one()
        for one in running:
            one.start()
        for _ in range(600):
            if connection.execute(text("select count(*) from audit_seals")).scalar_one() > 30:
                break
            time.sleep(0.05)
        for one in running:
            assert one.pid
            os.kill(one.pid, signal.SIGKILL)
            one.join()
        for _ in range(600):  # a session outlives its client until it has ended what it was doing
            if connection.execute(sessions).scalar_one() <= before:
                break
            time.sleep(0.05)
    sealing.seal()
    found = json.loads(run_cli("audit", "verify", "--json").out)
    assert (found["unsealed"], found["broken"]) == (0, None)
    with database.connect() as connection:
        assert found["rows"] == connection.execute(text("select count(*) from audit")).scalar_one() > 30


@pytest.mark.parametrize(
    "statement", ["update audit_seals set number = 2", "delete from audit_seals", "truncate audit_seals"]
)
def test_nobody_changes_a_seal(database: Engine, owner: Engine, statement: str) -> None:
    seals_of(database, 1)
    for engine in (database, owner):
        with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
            connection.execute(text(statement))
        assert getattr(caught.value.orig, "pgcode", "") == "42501"


def test_the_daily_report_names_the_head(database: Engine, run_cli: Call) -> None:
    write(database, 3)
    assert run_cli("run", "--as-of", "2026-03-02").code in {0, 1}
    with database.connect() as connection:
        statement = text("select text from messages where kind = 'operations' and key like 'daily:%'")
        report = connection.execute(statement).scalar_one()
    assert f"The audit log is sealed up to {head_of(database)} (casebeat audit verify --head)." in report


@pytest.mark.parametrize(
    "statement",
    [
        "insert into audit (at, verb, by, about, ref, reason) values ('2026-01-05', 'alteration', 'SP1', '', '', '')",
        "insert into audit (id, verb, by, about, ref, reason) values (1, 'alteration', 'SP1', 'x', 'x', 'x')",
        "insert into audit_seals values (1, now(), '{[1,2)}', 1, 1, 'x', sha256('x'))",
        "alter table audit disable trigger audit_sets_its_moment",
    ],
)
def test_the_application_names_no_moment_no_id_and_no_seal(database: Engine, statement: str) -> None:
    with pytest.raises(DBAPIError) as caught, database.begin() as connection:
        connection.execute(text(statement))
    assert getattr(caught.value.orig, "pgcode", "") == "42501"


def test_a_rows_moment_is_the_databases_whoever_writes_it(owner: Engine) -> None:
    dated = "insert into audit (at, verb, by, about, ref, reason) values (:at, 'alteration', 'SP1', 'x', 'x', 'x')"
    with owner.begin() as connection:
        connection.execute(text(dated), {"at": "2026-01-05"})
        assert connection.scalar(text("select at between now() and clock_timestamp() from audit"))


A_ROW = "insert into audit ({}verb, by, about, ref, reason) values ({}'alteration', 'SP1', 'x', 'x', 'x')"
IN_JANUARY = A_ROW.format("at, ", "'2026-01-05', ")


@pytest.mark.parametrize("sealed", [False, True])
def test_a_row_that_was_dated_long_before_those_around_it_is_named(
    database: Engine, owner: Engine, run_cli: Call, sealed: bool
) -> None:
    seals_of(database, 3)
    tamper(owner, IN_JANUARY)
    assert not sealed or sealing.seal() == 1
    done = run_cli("audit", "verify")
    assert (done.code, done.out.split(" that is ")[0]) == (1, "Row 4 has a moment (Mon 5 Jan 2026 at 00:00 GMT)")


def test_a_row_of_a_moment_to_come_is_named(database: Engine, owner: Engine, run_cli: Call) -> None:
    seals_of(database, 3)
    tamper(owner, A_ROW.format("at, ", "now() + interval '1 hour', "))
    assert run_cli("audit", "verify").out.startswith("Row 4 has a moment (")


@pytest.mark.parametrize("sealed", [False, True])
def test_a_row_under_a_lower_id_than_the_last_seal_is_named(
    database: Engine, owner: Engine, run_cli: Call, sealed: bool
) -> None:
    with database.connect() as given_up:
        audit.record(given_up, ROW)
    seals_of(database, 2)
    with owner.begin() as connection:
        connection.execute(text(A_ROW.format("id, ", "1, ")))
    assert not sealed or sealing.seal() == 1
    done = run_cli("audit", "verify")
    assert (done.code, done.out.split(".")[0]) == (1, "Row 1 was added later among rows that were sealed")


@pytest.mark.parametrize(("table", "trigger"), GUARDS)
@pytest.mark.parametrize("state", ["disable", "enable"])  # enabled, but not for a replica's session
def test_a_trigger_that_is_off_is_named(
    database: Engine, owner: Engine, run_cli: Call, table: str, trigger: str, state: str
) -> None:
    seals_of(database, 1)
    with owner.begin() as connection:
        connection.execute(text(f"alter table {table} {state} trigger {trigger}"))
    done = run_cli("audit", "verify")
    assert (done.code, done.out.split(".")[0]) == (
        1, f"The log is open to changes: {trigger} of {table} is off or gone"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            """create or replace function audit_is_append_only() returns trigger language plpgsql as
               'begin return new; end'""",
            "audit_is_append_only is another function than the migrations made",
        ),
        (
            """create or replace function audit_sets_its_moment() returns trigger language plpgsql as
               'begin if new.by <> ''SP1'' then new.at := statement_timestamp(); end if; return new; end'""",
            "audit_sets_its_moment is another function than the migrations made",
        ),
        (
            "create or replace function seal_audit(most integer) returns integer language sql as 'select 0'",
            "seal_audit is another function than the migrations made",
        ),
        ("alter function seal_audit security invoker", "seal_audit is another function than the migrations made"),
        (
            """create or replace trigger audit_is_append_only before update or delete or truncate on audit
               for each statement when (false) execute function audit_is_append_only();
               alter table audit enable always trigger audit_is_append_only""",
            "audit_is_append_only of audit is off or gone",
        ),
        (
            """create or replace trigger audit_is_append_only before truncate on audit_seals
               for each statement execute function audit_is_append_only();
               alter table audit_seals enable always trigger audit_is_append_only""",
            "audit_is_append_only of audit_seals is off or gone",
        ),
        (
            """create function swallow() returns trigger language plpgsql as 'begin return null; end';
               create trigger a before insert on audit for each row when (new.by = 'SP1') execute function swallow()""",
            "a of audit was added",
        ),
        ("create rule r as on insert to audit where new.by = 'SP1' do instead nothing", "r of audit was added"),
    ],
)
def test_a_guard_that_is_another_than_the_migrations_made_is_named(
    database: Engine, owner: Engine, run_cli: Call, statement: str, said: str
) -> None:
    seals_of(database, 1)
    assert run_cli("audit", "verify").code == 0
    with owner.begin() as connection:
        connection.exec_driver_sql(statement)
    done = run_cli("audit", "verify")
    assert (done.code, done.out.split(".")[0]) == (1, f"The log is open to changes: {said}")


def test_every_head_that_is_named_is_compared(database: Engine, run_cli: Call) -> None:
    seals_of(database, 3)
    first = head_of(database)
    seals_of(database, 2)
    named = ["--head", first, "--head", head_of(database)]
    assert run_cli("audit", "verify", *named).code == 0
    done = run_cli("audit", "verify", "--head", f"1:{'0' * 32}", *named)
    assert (done.code, done.out.split(":")[0]) == (1, "Seal 1 is another one than was reported")
