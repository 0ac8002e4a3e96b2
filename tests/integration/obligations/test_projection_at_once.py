"""A book is projected in chunks, two at once, with the same result as in one chunk."""

import pytest
from psycopg2.errors import UndefinedColumn
from sqlalchemy import text

from config.days.london import at_london
from flows.configured import configured
from tasks.obligations import projection
from tasks.servers import database as way
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

TODAY = day("Mon 16 Mar 2026")
WRITTEN = """select c.case_ref, o.rule, o.subject, o.version, o.due_on, o.escalate_on, o.because::text, o.ended_on
             from obligations o join cases c on c.id = o.case_id order by 1, 2, 3, 4"""


@pytest.fixture
def book(database, run_cli):
    """Twelve cases, the first four of them linked, and one finalised."""
    made = OneCase(database, run_cli)
    made.say("insert into case_keys (urn_root) values ('45AB0012326')")
    for number in range(1, 12):
        made.case(f"C{number:02}")
        made.belongs("actions", case_ref=f"C{number:02}", action_ref=f"A{number}0", kind="VISIT", owner_agency="police",
                     source="investigation", status="pending", raised_on="2026-03-02")  # fmt: skip
    made.say(
        """update cases set urn_key_id = (select id from case_keys where urn_root is not null)
           where case_ref in ('C01', 'C02', 'C03', 'C04')"""
    )
    made.belongs("reviews", case_ref="C03", review_ref="R1", kind="joint", held_on="2026-03-09", police_attended=True,
                 cps_attended=True)  # fmt: skip
    made.say("update cases set finalised_on = '2026-03-10', finalised_reason = 'nfa_police' where case_ref = 'C11'")
    return made


def _projected(book, chunk, monkeypatch):
    monkeypatch.setattr(projection, "CHUNK", chunk)
    book.say("delete from obligations")
    book.changed()
    return projection.project(configured(), "45", TODAY, at_london(TODAY)), book.ask(WRITTEN)


def _owner(statement):
    owner = way.owner_engine()
    with owner.begin() as connection:
        connection.execute(text(statement))
    owner.dispose()


def test_many_chunks_make_what_one_makes(book, monkeypatch):
    whole = _projected(book, 1000, monkeypatch)
    assert whole[0].balances
    assert (whole[0].to_project, whole[0].open_cases, whole[0].evaluated, whole[0].failed) == (12, 11, 12, 0)
    assert len(whole[1]) > 30
    for chunk in (1, 2, 5):
        assert _projected(book, chunk, monkeypatch) == whole


def test_a_bad_case_fails_alone_in_the_midst_of_many_chunks(book, monkeypatch):
    book.say("update cases set risk = 'extreme' where case_ref = 'C07'")
    account, written = _projected(book, 2, monkeypatch)
    assert (account.to_project, account.evaluated, account.failed) == (12, 11, 1)
    assert {row[0] for row in written} >= {"C01", "C06", "C08", "C10"}
    assert "C07" not in {row[0] for row in written}


def test_a_fault_of_no_row_stops_the_force_and_leaves_the_rest_to_be_projected_again(book, monkeypatch):
    monkeypatch.setattr(projection, "CHUNK", 1)
    _owner("alter table obligations rename column note to noted")
    with pytest.raises(UndefinedColumn):
        projection.project(configured(), "45", TODAY, at_london(TODAY))
    _owner("alter table obligations rename column noted to note")
    assert book.ask("select count(*) from cases where projection = 'evaluated'") == [0]
    assert projection.project(configured(), "45", TODAY, at_london(TODAY)).evaluated == 12


def test_a_waiting_case_is_counted_and_taken_once_and_an_unchanged_one_is_only_counted(book):
    first = projection.project(configured(), "45", TODAY, at_london(TODAY))
    book.say("update cases set projection = 'changed' where case_ref = 'C05'")
    again = projection.project(configured(), "45", TODAY, at_london(TODAY))
    assert (first.evaluated, first.unchanged) == (12, 0)
    assert (again.to_project, again.evaluated, again.unchanged, again.changes) == (12, 1, 11, 0)
    assert again.balances
