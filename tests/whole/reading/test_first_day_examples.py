"""The reading around a force's first day, against the sentences of docs/first-day.md."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.whole.reading import side_by_side
from tests.whole.reading.books.book import Book
from tests.whole.reading.books.extracts import Source
from tests.whole.reading.books.nights import nights
from tests.whole.reading.first_day import FirstDays, has_grace, told_early
from tests.whole.reading.lives import Reading
from tests.whole.reading.panels import Panel
from tests.whole.reading.seeds import STANDING
from tests.whole.reading.sheets import COLUMNS, Sheet
from tests.whole.reading.world import MONDAY, World

FIRST = date(2026, 3, 9)  # a Monday
PEOPLE = {"P-officer": "oic", "P-super": "supervisor", "P-spoc": "spoc", "P-lead": "lead"}
PANEL = {"force_code": "45", "cps_area": "South East", "from": MONDAY, "rrule": "FREQ=WEEKLY;BYDAY=TU"}
PANEL |= {"starts": "10:00", "cases": 3, "chair": "P-spoc", "non_working_day": "next", "horizon": "42d"}


def world(starts: dict[str, date], **columns: Any) -> World:
    """Load a case of Surrey with an officer, a supervisor, a SPOC and a lead, and its forces' first days."""
    made = World(oic_ref="P-officer", supervisor_ref="P-super", **columns)
    made.reading.first = FirstDays(starts)
    hire(made, "45", PEOPLE)
    return made


def hire(made: World, force: str, people: dict[str, str]) -> None:
    for ref, role in people.items():
        row = {**dict.fromkeys(COLUMNS["contacts"]), "contact_ref": ref, "agency": "police", "roles": [role]}
        row |= {"force_code": [force], "cps_area": [], "email": f"{ref}@surrey.police.uk".lower()}
        sheet = Sheet.whole("contacts", [((ref,), row, False)])
        made.store.load(made.police, "delta", MONDAY, {"contacts": sheet})


def heard(made: World, rule: str, *days: date) -> set[tuple[str, str, str]]:
    """Give the day, the step and the reader of each telling under a rule, of police, over some rounds."""
    for day in days:
        made.reading.run(day)
    rows = [row for row in made.reading.rows + made.reading.handed if row["rule"] == rule]
    return {(row["day"][5:], row["step"], row["contact_ref"] or "operations") for row in rows}


def each(day: str, step: str, *people: str) -> set[tuple[str, str, str]]:
    return {(day, step, one) for one in people}


def march(first: int, last: int) -> list[date]:
    return [date(2026, 3, day) for day in range(first, last + 1)]


def test_before_the_first_day_a_limit_goes_to_spocs_and_leads_and_on_it_to_the_others() -> None:
    made = world({"45": FIRST}, suspect_status="bail", bail_ends_on=date(2026, 3, 13))
    before = heard(made, "bail-end", *march(2, 8))
    assert before == each("03-02", "two-weeks", "P-spoc", "operations") | each(
        "03-06", "one-week", "P-spoc", "P-lead", "operations"
    )  # no SPOC of CPS is known: operations hear as the counterpart
    late = heard(made, "bail-end", FIRST) - before
    assert late == each("03-09", "one-week", "P-officer", "P-super")


def test_a_limit_that_moved_away_before_the_first_day_begins_on_it_and_a_spoc_who_then_owns_it_is_told() -> None:
    made = world({"45": FIRST}, suspect_status="bail", bail_ends_on=date(2026, 3, 13))
    heard(made, "bail-end", *march(2, 6))
    made.send(date(2026, 3, 7), bail_ends_on=date(2026, 4, 16))
    before = heard(made, "bail-end", *march(7, 8))
    assert heard(made, "bail-end", FIRST) - before == each("03-09", "notice", "P-officer")
    made.send(date(2026, 3, 10), oic_ref="P-spoc")
    assert each("03-10", "notice", "P-spoc") <= heard(made, "bail-end", date(2026, 3, 10))


@pytest.mark.parametrize(("ends", "early"), [(date(2026, 4, 5), True), (date(2026, 4, 7), False)])
def test_only_what_ends_within_28_days_of_the_first_day_is_heard_of_before(ends: date, early: bool) -> None:
    made = world({"45": FIRST}, suspect_status="bail", bail_ends_on=ends)
    (life,) = made.live("bail-end")
    assert told_early(life.owed, FIRST) == early


@pytest.mark.parametrize(
    ("risk", "last"), [("high", 13), (None, 13), ("medium", 20), ("standard", 27)], ids=["high", "none", "mid", "low"]
)
def test_what_was_overdue_stays_with_its_owner_by_risk_and_then_climbs(risk: str | None, last: int) -> None:
    made = world({"45": FIRST}, risk=risk, opened_on=date(2026, 1, 5))
    found = heard(made, "supervisor-review", *march(2, last + 3))
    then = f"03-{last + 3}"
    assert found == each("03-09", "reminder", "P-super") | each(then, "critical", "P-super", "P-spoc")


def test_what_falls_due_on_the_first_day_climbs_as_everything_does() -> None:
    made = world({"45": FIRST}, opened_on=MONDAY)  # due a week later
    found = heard(made, "supervisor-review", *march(2, 10))
    assert found == each("03-09", "reminder", "P-super") | each("03-10", "overdue", "P-super")


@pytest.mark.parametrize(
    ("rule", "risk", "waits"),
    [
        ("breach-unanswered", "standard", False),
        ("risk-assessment", "high", False),
        ("risk-assessment", None, False),
        ("risk-assessment", "medium", True),
        ("victim-contact", "high", False),
        ("victim-contact", "standard", True),
        ("supervisor-review", "high", True),
    ],
)
def test_breaches_never_wait_nor_does_the_victim_at_high_or_unknown_risk(
    rule: str, risk: str | None, waits: bool
) -> None:
    made = world({"45": FIRST}, risk=risk, opened_on=date(2025, 12, 1))
    made.row("incidents", "I1", reported_on=date(2026, 2, 20), occurred_on=date(2026, 2, 20), breach=True)
    (life,) = made.live(rule)
    assert has_grace(life.owed, FIRST, FIRST) == waits


def test_no_joint_review_has_a_place_before_the_first_day() -> None:
    made = world({"45": FIRST})
    made.reading.reviews.panels.append(Panel(PANEL))
    made.reading.run(date(2026, 3, 6))
    assert (made.reading.reviews.seats, list(made.reading.reviews.outside)) == ({}, [("45", "1")])
    made.reading.run(FIRST)
    assert list(made.reading.reviews.seats) == [("45", "1")]


def test_a_case_never_sits_under_a_chair_whom_it_bars_and_leaves_one_who_comes_to_be_barred() -> None:
    made = world({})
    made.reading.reviews.panels.append(Panel(PANEL))
    made.reading.run(MONDAY)
    assert list(made.reading.reviews.seats) == [("45", "1")]
    made.send(date(2026, 3, 3), barred_refs=["p-spoc"])
    made.reading.run(date(2026, 3, 3))
    assert (made.reading.reviews.seats, list(made.reading.reviews.outside)) == ({}, [("45", "1")])


def test_of_training_and_posts_operations_hear_before_the_first_day_and_a_lead_from_it() -> None:
    made = world({"45": date(2026, 3, 5)})
    made.store.files["contacts"]["P-spoc",].row["active_to"] = date(2026, 2, 27)
    before = heard(made, "spoc-vacancy", *march(2, 4))
    assert before == each("03-02", "overdue", "operations")
    assert heard(made, "spoc-vacancy", date(2026, 3, 5)) - before == each("03-05", "overdue", "P-lead")


@pytest.mark.parametrize(("starts", "on"), [({"45": FIRST}, None), ({"45": FIRST, "46": MONDAY}, MONDAY)])
def test_an_area_begins_with_the_first_of_its_forces(starts: dict[str, date], on: date | None) -> None:
    made = world(starts)
    there = {**made.case, "force_code": "46", "case_ref": "2"}
    other = Source("niche-46", "police", ["46"])
    made.store.load(other, "snapshot", MONDAY, {"cases": Sheet.whole("cases", [(("46", "2"), there, False)])})
    made.reading.run(MONDAY)
    (life,) = [one for one in made.reading.lives.values() if one.owed.subject == "area:South East"]
    assert life.start == on


def test_a_source_is_told_of_to_the_spocs_of_the_forces_that_have_begun() -> None:
    made = world({"45": FIRST})
    made.police.covers.append("46")
    hire(made, "46", {"P-other": "spoc"})
    found = {one for one in heard(made, "feed-stale", *march(2, 5)) if one[1] == "silent"}
    assert found == each("03-05", "silent", "operations", "P-other")
    assert ("03-09", "silent", "P-spoc") in heard(made, "feed-stale", FIRST)


def test_the_books_of_every_day_have_forces_that_wait_and_matters_that_stay_with_their_owner(tmp_path: Path) -> None:
    waited = early = graced = 0
    for seed in STANDING:
        book = Book(seed, side_by_side.CASES)
        reading = Reading(reviews=book.reviews, first=FirstDays(book.starts))
        for night in nights(book, side_by_side.NIGHTS if book.starts else 0, tmp_path / str(seed)):
            night.load(reading.store)
            reading.run(night.day)
            waiting = reading.first.waiting(night.day)
            waited += len(waiting)
            rows = [row for row in reading.rows if row["day"] == night.day.isoformat()]
            early += sum(row["force_code"] in waiting for row in rows)
            lives = [life for life in reading.lives.values() if not life.ended_on and life.owed.force not in waiting]
            graced += sum(has_grace(life.owed, life.start, night.day) for life in lives)
    assert waited >= 10
    assert early >= 10
    assert graced >= 100
