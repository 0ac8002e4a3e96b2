"""Leads read where their force starts, once, and week by week how much of it is left."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from config.terms import EndReason, Risk
from flows.configured import configured
from models.queries.obligations import inherited, obligation_views
from models.queries.obligations.inherited import Inheritance
from tasks.messages.letter.contexts import ForceStart
from tasks.messages.letter.first_days import starts
from tasks.messages.letter.standings import Standings
from tests.worlds.days import day
from tests.worlds.one_case import WholeBook
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY
from tests.worlds.starting import force_starts

FIRST = TUESDAY - timedelta(days=15)  # a Monday
RULES = ("action", "joint-review")
CPS = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}
ALL = Inheritance("45", FIRST, RULES)


@pytest.fixture
def world(connection: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ReviewRows:
    """Surrey began on Mon 2 Mar 2026. L1 is its lead, CL1 that of CPS South East, SP1 a SPOC."""
    force_starts(monkeypatch, tmp_path, {"45": FIRST})
    made = ReviewRows(connection)
    made.contact("L9", roles=("lead",))
    made.contact("CL1", roles=("lead",), **CPS)
    made.contact("SP1", roles=("spoc",))
    return made


def owed(world: ReviewRows, case_ref: str, due_on: date, *, case: dict[str, Any] | None = None, **given: Any) -> int:
    values = {"began_on": FIRST - timedelta(days=3), "rule": "action", "subject": "action:A1", **given}
    return world.owes(world.case_of(case_ref, **(case or {})), due_on, **values)


def read(world: ReviewRows, ref: str) -> tuple[ForceStart, ...]:
    found = obligation_views.readers(world.connection, [ref], TUESDAY)
    standings = Standings(configured(), world.connection, found, [ref], "email", TUESDAY)
    return starts(configured(), world.connection, standings, found, [ref]).get(ref, ())


def numbers(start: ForceStart) -> list[int]:
    return [week.number for week in start.weeks]


def test_what_was_due_before_the_first_day_is_counted_by_rule_risk_and_age(world: ReviewRows) -> None:
    before = FIRST - timedelta(days=1)
    owed(world, "1", before)
    owed(world, "2", FIRST)  # not inherited
    owed(world, "3", FIRST - timedelta(days=27), case={"risk": Risk.MEDIUM})
    owed(world, "4", FIRST - timedelta(days=28), case={"risk": Risk.MEDIUM})
    owed(world, "5", FIRST - timedelta(days=364), rule="joint-review", subject="case")
    owed(world, "6", before, rule="bail-end", subject="case", hard=True)
    owed(world, "7", before, force="46", case={"force": "46"})
    owed(world, "8", FIRST - timedelta(days=3))
    found = [(one.rule, one.risk, one.weeks, one.number) for one in inherited.groups(world.connection, ALL)]
    of_actions = [("action", "high", 0, 2), ("action", "medium", 0, 1), ("action", "medium", 4, 1)]
    assert found == [*of_actions, ("joint-review", "high", 52, 1)]
    assert inherited.groups(world.connection, ALL)[0].oldest_on == FIRST - timedelta(days=3)


def test_a_place_counts_its_own_and_no_case_that_its_reader_may_not_know(world: ReviewRows) -> None:
    before = FIRST - timedelta(days=1)
    owed(world, "1", before)
    owed(world, "2", before, case={"area": "London North"})
    owed(world, "3", before, case={"restricted": True})
    owed(world, "4", before, case={"barred_refs": ["L9"]})
    assert [numbers(one)[-1] for one in read(world, "L9")] == [2]
    (area,) = read(world, "CL1")
    assert (area.place, numbers(area)[-1]) == ("Surrey (45) and CPS South East", 2)
    assert read(world, "SP1") == ()


def test_week_by_week_what_was_open_at_the_end_of_the_day(world: ReviewRows) -> None:
    before, after = FIRST - timedelta(days=1), FIRST + timedelta(days=7)
    owed(world, "1", before)
    owed(world, "2", before, ended_on=FIRST, end_reason=EndReason.MET)
    owed(world, "3", before, ended_on=after, end_reason=EndReason.MET)
    owed(world, "4", before, ended_on=after + timedelta(days=1), end_reason=EndReason.VOID)
    owed(world, "5", before, began_on=after)
    days = [FIRST - timedelta(days=4), FIRST, after - timedelta(days=1), after]
    assert [one.number for one in inherited.open_on(world.connection, ALL, days)] == [0, 2, 2, 2]


def test_a_lead_reads_where_the_force_starts_until_a_standing_since_then_was_sent(world: ReviewRows) -> None:
    owed(world, "1", FIRST - timedelta(days=1))
    (start,) = read(world, "L9")
    assert (start.first, start.risks, start.ages) == (True, (("high", 1),), ((0, 1),))
    assert start.climbs[0] == ("high", FIRST + timedelta(days=7))
    assert [(one.title, one.number) for one in start.rules] == [("Outstanding action", 1)]
    world.message("L9", day=FIRST - timedelta(days=1), standing=True, state="sent")
    assert read(world, "L9")[0].first
    world.message("L9", day=FIRST, standing=True, state="sent")
    (start,) = read(world, "L9")
    assert (start.first, start.rules, numbers(start)) == (False, (), [1, 1, 1, 1])
    assert [week.on for week in start.weeks] == [FIRST, FIRST + timedelta(7), FIRST + timedelta(14), TUESDAY]


def test_nothing_is_read_once_all_of_it_has_ended_for_a_week(world: ReviewRows) -> None:
    before = FIRST - timedelta(days=1)
    owed(world, "1", before, ended_on=TUESDAY - timedelta(days=1), end_reason=EndReason.MET)
    assert read(world, "L9") == ()
    owed(world, "2", before, ended_on=TUESDAY, end_reason=EndReason.MET)
    assert [numbers(one) for one in read(world, "L9")] == [[2, 2, 1, 0]]


def test_an_area_reads_of_no_stalled_case_of_a_force_that_waits(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    force_starts(monkeypatch, tmp_path, {"46": TUESDAY + timedelta(days=1)})
    world = ReviewRows(connection)
    world.contact("CL1", roles=("lead",), **CPS)
    world.contact("L46", roles=("lead",), force_codes=["46"])
    for force in ("45", "46"):
        case_id = world.case_of(f"{force}-1", force)
        world.owes(case_id, TUESDAY - timedelta(days=9), force, escalate_on=TUESDAY - timedelta(days=5))
    found = obligation_views.readers(connection, ["CL1", "L46"], TUESDAY)
    standings = Standings(configured(), connection, found, ["CL1", "L46"], "email", TUESDAY)
    assert [case.reference for _, case in standings.stalled(found["CL1"])] == ["45/45-1"]
    whole = standings.whole(found["CL1"])
    assert whole
    assert whole.stalled == 1
    assert "L46" not in standings.posts
    assert starts(configured(), connection, standings, found, ["CL1", "L46"]) == {"CL1": (), "L46": ()}


def sent(book: WholeBook, on: str) -> set[str]:
    rows = book.ask(f"select contact_ref from messages where day = '{day(on)}' and standing and kind = 'letter'")
    return set(rows)


def test_leads_have_a_standing_on_the_first_day_whatever_day_of_the_week_it_is(
    database: Any, run_cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    force_starts(monkeypatch, tmp_path, {"45": day("Wed 25 Mar 2026")})
    book = WholeBook(database, run_cli)
    for on in ("Mon 23 Mar 2026", "Tue 24 Mar 2026", "Wed 25 Mar 2026", "Thu 26 Mar 2026"):
        book.whole_round(on)
    assert sent(book, "Tue 24 Mar 2026") == set()
    assert sent(book, "Wed 25 Mar 2026") == {"L1"}
    assert sent(book, "Thu 26 Mar 2026") == set()
    book.whole_round("Mon 30 Mar 2026")
    assert sent(book, "Mon 30 Mar 2026") >= {"L1", "SP1"}


def test_a_stalled_case_is_listed_as_inherited_where_nothing_newer_stalls_it(
    database: Any, run_cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    force_starts(monkeypatch, tmp_path, {"45": day("Mon 30 Mar 2026")})
    book = WholeBook(database, run_cli)
    book.whole_round("Mon 30 Mar 2026")
    ran = run_cli("stalled", "--as-of", "2026-03-30")
    assert "days), inherited: " in ran.out
    assert ran.out.endswith("1 stalled case on Mon 30 Mar 2026, 1 of them inherited.\n")
    assert '"inherited": true' in run_cli("stalled", "--json", "--as-of", "2026-03-30").out
    book.action("A2", due_on="2026-03-31")
    assert '"inherited": false' in run_cli("stalled", "--json", "--as-of", "2026-04-20").out
    assert "of them inherited" not in run_cli("stalled", "--as-of", "2026-04-20").out
    assert (
        "Inherited: it was due before Casebeat started here on Mon 30 Mar 2026." in book.explain("Mon 30 Mar 2026").out
    )
