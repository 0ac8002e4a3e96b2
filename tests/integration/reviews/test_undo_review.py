"""Taking back of a recorded outcome: what it replaced counts again, or its outcome is owed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from config.days.london import at_london
from config.doors import Door
from flows.configured import configured
from models.queries.reviews import extract_outcomes
from models.rules.people.act import Act
from models.rules.references import CaseReference, SittingCaseReference
from tasks.reviews.undo_review import undo_review
from tests.worlds.days import day, row
from tests.worlds.one_case import CASE, OneCase
from tests.worlds.sittings import ALONE, HELD, NOT_REACHED, record, sits

TUESDAY, WEDNESDAY, THURSDAY = "Tue 17 Mar 2026", "Wed 18 Mar 2026", "Thu 19 Mar 2026"
REF = "45-south-east-2026-03-17"
REVIEW = f"JR-{REF}-45/1234"
ACTIONS = ("--held", "--police", "--cps", "--decision", "further_actions")


@pytest.fixture
def book(monkeypatch, database, run_cli) -> OneCase:
    """The case sits on Tuesday 17 March; the round of that day has run."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    one = OneCase(database, run_cli)
    sits(one, TUESDAY)
    one.round(TUESDAY)
    return one


def undo(book, by="SP1", as_of=WEDNESDAY, case=CASE, ref=REF):
    return book.cli("record-review", ref, case, "--by", by, "--undo", "--as-of", day(as_of).isoformat())


def state(book):
    """All that an outcome writes: its review, its actions, the case's reason, and what is owed."""
    return (
        book.ask("select review_ref, police_attended, cps_attended from reviews where withdrawn_on is null order by 1"),
        book.ask("select action_ref, status from actions where withdrawn_on is null order by 1"),
        book.ask("select why_not_stalking_on from cases"),
        book.ask("select rule, subject, due_on from obligations where ended_on is null order by 1, 2"),
    )


def test_the_only_outcome_is_owed_again_and_the_case_with_it(book):
    before = state(book)
    assert record(book, REF, *ACTIONS, "--action", "CCTV,P1,2026-03-31", "--pattern", "harassment_with_rationale",
                  as_of=TUESDAY).code == 0  # fmt: skip
    assert state(book) != before
    ran = undo(book)
    assert ran.out == (
        f"The joint review of {CASE} on {TUESDAY}: what SP1 recorded of it (held, with police and CPS) is taken back. "
        "Nothing is recorded of it now, and its outcome is owed.\n"
    )
    assert state(book) == before
    assert book.ask('select "end" from convenings order by id') == ["unrecorded"]
    assert book.ask("select stands from outcomes") == [False], "it is kept"
    assert record(book, REF, *HELD, as_of=THURSDAY).code == 0, "what is right can be recorded"


def test_what_the_review_had_ended_is_at_its_place_of_the_ladder_again(monkeypatch, database, run_cli):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    one = OneCase(database, run_cli, opened_on="2026-01-05")
    sits(one, TUESDAY)
    one.say("update convenings set ended_on = '2026-03-16', \"end\" = 'moved'")  # so that it is not silent meanwhile
    one.round("Mon 16 Mar 2026")
    one.say('update convenings set ended_on = null, "end" = null')
    one.round(TUESDAY)
    place = """select rule, due_on, last_step, taken_on from obligations
               where rule in ('joint-review', 'no-progress') and ended_on is null order by 1"""
    before = one.ask(place)
    assert all(last_step for _, _, last_step, _ in before)
    assert record(one, REF, *HELD, as_of=TUESDAY).code == 0
    assert all(last_step == 0 for _, _, last_step, _ in one.ask(place))
    assert undo(one).code == 0
    assert one.ask(place) == before


def test_what_was_replaced_counts_again_with_its_actions_and_what_was_done_of_them(book):
    asked = [*ACTIONS, "--action", "CCTV,P1,2026-03-31", "--action", "CELL_SITE,P1,2026-04-14"]
    assert record(book, REF, *asked, by="CS1", as_of=TUESDAY).code == 0
    done = book.cli("complete-action", CASE, f"{REVIEW}-1", "--by", "P1", "--as-of", "2026-03-17")
    assert done.code == 0, done.err
    before = state(book)
    another = (*ACTIONS, "--action", "CELL_SITE,P1,2026-04-14", "--action", "BANK,P1,2026-04-14")
    assert record(book, REF, *another, by="SP1", as_of=WEDNESDAY).code == 0
    assert state(book) != before
    ran = undo(book)
    assert ran.out.endswith(f"What CS1 recorded on {TUESDAY} counts again: held, with police and CPS.\n")
    assert state(book) == before
    assert book.ask("select by_ref, stands from outcomes order by id") == [("CS1", True), ("SP1", False)]
    assert book.ask('select "end" from convenings order by id')[0] == "held"


@pytest.mark.parametrize("first", [row("held by one side", ALONE), row("not reached", NOT_REACHED)])
def test_a_review_that_did_not_count_is_what_it_was(book, first):
    assert record(book, REF, *first, as_of=TUESDAY).code == 0
    before = state(book)
    assert record(book, REF, *HELD, as_of=WEDNESDAY).code == 0
    assert undo(book).code == 0
    assert state(book) == before


def test_twice_changes_nothing_and_does_not_reach_the_outcome_before(book):
    record(book, REF, *ALONE, by="CS1", as_of=TUESDAY)
    record(book, REF, *HELD, as_of=TUESDAY)
    assert undo(book).code == 0
    before = state(book)
    again = undo(book)
    assert again.out.endswith("is taken back already. Nothing was changed.\n")
    for stranger in ("NOBODY", "C9"):
        answered = undo(book, by=stranger)
        assert (answered.code, "already" in answered.out + answered.err) == (2, False)
    assert state(book) == before
    assert book.ask("select by_ref, undoes from acts order by id") == [("CS1", False), ("SP1", False), ("SP1", True)]


def test_two_at_once_take_it_back_once(book):
    record(book, REF, *HELD, as_of=TUESDAY)
    today, named = day(WEDNESDAY), SittingCaseReference(REF, CaseReference("45", "45/1234"))

    def undone(by: str) -> bool:
        return undo_review(configured(), named, Act(by, Door.COMMAND, "someone"), today, at_london(today)).new

    with ThreadPoolExecutor(3) as at_once:
        assert sorted(at_once.map(undone, ["SP1", "CS1", "P1"])) == [False, False, True]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        row("a stranger", {"by": "P9"}, "P9 is not a known contact who is active on Wed 18 Mar 2026."),
        row("a prosecutor of another case", {"by": "C1"}, f"There is no case {CASE} in the book."),
        row("another sitting", {"ref": "45-south-east-2026-03-24"}, "is not before the sitting"),
        row("another case", {"case": "45/K9"}, "There is no case 45/K9 in the book."),
    ],
)  # fmt: skip
def test_it_is_refused_with_the_reason_and_changes_nothing(book, given, said):
    record(book, REF, *HELD, as_of=TUESDAY)
    before = state(book)
    ran = undo(book, **given)
    assert (ran.code, ran.err.endswith("Nothing was done.\n")) == (2, True)
    assert said in ran.err
    assert state(book) == before


def test_what_nobody_recorded_is_refused_and_undo_is_given_alone(book):
    assert "Nobody has recorded here what came of 45/45/1234 on that day." in undo(book).err
    assert "Give --undo alone" in record(book, REF, *HELD, "--undo", as_of=TUESDAY).err


def test_what_a_source_has_recorded_since_is_its_own_to_correct(book):
    record(book, REF, *HELD, as_of=TUESDAY)
    book.belongs(
        "reviews", review_ref="R1", kind="joint", held_on="2026-03-17", police_attended=True, cps_attended=False
    )
    with book.engine.begin() as connection:
        connection.execute(text("create temporary table touched (key_id bigint, rows int)"))
        extract_outcomes.take_over(connection, day(WEDNESDAY))  # as an intake does
    book.round(WEDNESDAY)
    ran = undo(book)
    assert (ran.code, "a source itself has recorded the joint review since" in ran.err) == (2, True)


def test_whoever_recorded_it_reads_who_took_it_back_and_explain_and_audit_show_both(book):
    record(book, REF, *HELD, as_of=TUESDAY)
    assert undo(book, by="CS1").code == 0
    told = " ".join(book.explain(WEDNESDAY).out.split())
    assert "the outcome was recorded, of the meeting on Tue 17 Mar 2026, in the name of SP1, by a command" in told
    assert (
        "taken back, the outcome that was recorded of the meeting on Tue 17 Mar 2026 (by SP1), in the name of CS1"
    ) in told
    audited = book.ask(
        "select by, reason, detail ->> 'door', detail ->> 'recorded_by' from audit where about = 'outcome' order by id"
    )
    assert audited == [
        ("SP1", "record-review", "command", None), ("CS1", "record-review undone", "command", "SP1"),
    ]  # fmt: skip
    assert sorted(book.ask("select contact_ref from messages where kind = 'act'")) == ["CS1", "SP1", "SP1"]
