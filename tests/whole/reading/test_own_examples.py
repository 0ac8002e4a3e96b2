"""The reading itself, against the examples in the specification."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.whole.reading.books.book import Book
from tests.whole.reading.books.nights import nights
from tests.whole.reading.days import add
from tests.whole.reading.duties.owed import Owed
from tests.whole.reading.examples import NICHE, people_of
from tests.whole.reading.gathering import barred
from tests.whole.reading.life import Life
from tests.whole.reading.lives import Reading
from tests.whole.reading.people import Case
from tests.whole.reading.sheets import COLUMNS, Sheet
from tests.whole.reading.store import Store


@pytest.mark.parametrize(
    ("day", "duration", "then"),
    [
        (date(2026, 4, 2), "1wd", date(2026, 4, 7)),
        (date(2026, 4, 2), "5wd", date(2026, 4, 13)),
        (date(2026, 12, 24), "1wd", date(2026, 12, 29)),
        (date(2026, 4, 7), "-2wd", date(2026, 4, 1)),
        (date(2026, 4, 4), "0wd", date(2026, 4, 7)),
        (date(2025, 8, 31), "6m", date(2026, 2, 28)),
        (date(2025, 11, 30), "3m", date(2026, 2, 28)),
    ],
)
def test_days_are_counted_as_in_the_vectors(day: date, duration: str, then: date) -> None:
    assert add(day, duration) == then


def _store(*actions: dict[str, Any], **columns: Any) -> Store:
    case = {
        **dict.fromkeys(COLUMNS["cases"]),
        "force_code": "45",
        "case_ref": "1",
        "opened_on": date(2026, 2, 2),
        "offence_codes": ["PH97010"],
        "oic_ref": "X",
        "risk": "high",
        **columns,
    }
    store = Store()
    rows = [((f"A{number}",), row, False) for number, row in enumerate(actions)]
    files = {name: Sheet.whole(name, []) for name in COLUMNS}
    files["cases"].rows.append((("45", "1"), case, False))
    files["actions"].rows.extend(rows)
    store.load(NICHE, "snapshot", date(2026, 3, 2), files)
    return store


def _due(store: Store) -> dict[str, date]:
    reading = Reading(store)
    reading.run(date(2026, 3, 2))
    return {life.owed.rule: life.owed.due for life in reading.lives.values()}


def test_a_joint_review_runs_from_the_last_quorate_one() -> None:
    store = _store()
    review = {"force_code": "45", "case_ref": "1", "kind": "joint", "held_on": date(2026, 3, 2)}
    review |= {"police_attended": True, "cps_attended": True}
    store.load(NICHE, "delta", date(2026, 3, 2), {"reviews": Sheet.whole("reviews", [(("R1",), review, False)])})
    assert _due(store)["joint-review"] == date(2026, 3, 16)


def test_what_is_under_way_puts_progress_off_by_one_interval_at_most() -> None:
    action = {"force_code": "45", "case_ref": "1", "action_ref": "A0", "kind": "cell_site", "source": "investigation"}
    action |= {"owner_agency": "police", "status": "pending", "raised_on": date(2026, 2, 10), "owner_ref": None}
    action |= {"due_on": None, "closed_on": None}
    due = _due(_store(action))
    assert due["action"] == date(2026, 3, 10)
    assert due["no-progress"] == date(2026, 3, 2)


def test_a_book_loaded_for_the_first_time_says_each_thing_once_at_its_present_step() -> None:
    reading = Reading(_store())
    reading.run(date(2026, 3, 2))
    steps = {row["rule"]: row["step"] for row in reading.rows if row["rule"] != "feed-stale"}
    assert steps["joint-review"] == "critical"
    reading.run(date(2026, 3, 6))
    assert "unresolved" not in {row["step"] for row in reading.rows}
    reading.run(date(2026, 3, 9))
    assert {row["manner"] for row in reading.rows if row["step"] == "unresolved"} == {"at_once"}


def test_nobody_known_means_operations() -> None:
    reading = Reading(_store())
    reading.run(date(2026, 3, 2))
    told = {(row["addressee"], row["contact_ref"]) for row in reading.rows if row["rule"] == "joint-review"}
    assert told == {("owner", None)}


def test_a_moved_day_says_nothing_by_itself() -> None:
    owed = Owed("45", "1", None, "action", "action:A", "police", date(2026, 3, 2), "high")
    life = Life(owed, position=2, taken={"critical": date(2026, 3, 5)})
    life.meet(Owed("45", "1", None, "action", "action:A", "police", date(2026, 3, 9), "high"), date(2026, 3, 6))
    assert (life.version, life.position) == (2, 0)


@pytest.mark.parametrize(
    ("rule", "due", "day", "step"),
    [
        ("victim-contact", date(2026, 4, 6), date(2026, 4, 1), None),
        ("victim-contact", date(2026, 4, 6), date(2026, 4, 2), "reminder"),  # for Good Friday, 3 April
        ("victim-contact", date(2026, 4, 6), date(2026, 4, 6), "reminder"),
        ("victim-contact", date(2026, 4, 6), date(2026, 4, 7), "overdue"),
        ("bail-end", date(2026, 4, 4), date(2026, 3, 5), "notice"),
        ("bail-end", date(2026, 4, 4), date(2026, 3, 6), "four-weeks"),  # for Saturday, 7 March
        ("bail-end", date(2026, 4, 4), date(2026, 3, 26), "two-weeks"),
        ("bail-end", date(2026, 4, 4), date(2026, 3, 27), "one-week"),  # for Saturday, 28 March
        ("bail-end", date(2026, 4, 4), date(2026, 4, 2), "last-day"),
        ("bail-end", date(2026, 4, 4), date(2026, 4, 5), "expired"),  # on a Sunday, when it is taken too
    ],
)
def test_a_step_of_a_day_on_which_nobody_works_is_said_on_the_working_day_before(
    rule: str, due: date, day: date, step: str | None
) -> None:
    life = Life(Owed("45", "1", None, rule, "case", "police", due, "high"))
    assert ([None, *(each[0] for each in life.ladder)])[life.reached(day) + 1] == step


@pytest.mark.parametrize("seed", range(20))
def test_the_reading_survives_any_book(seed: int, tmp_path: Path) -> None:
    reading = Reading()
    for night in nights(Book(seed, 20), 6, tmp_path):
        night.load(reading.store)
        reading.run(night.day)
    keys = [tuple(sorted((key, str(value)) for key, value in row.items())) for row in reading.rows]
    assert len(keys) == len(set(keys))


CASE = Case("45", "south east", "X", "S", None)


def test_an_absent_officer_is_replaced_by_the_deputy() -> None:
    people = people_of({"contact_ref": "X", "deputy_ref": "D"}, {"contact_ref": "D"}, away=("X",))
    assert people.told(("owner",), "police", CASE) == {"D": "owner"}


def test_a_circle_of_deputies_tells_the_absent_officer_and_the_supervisor() -> None:
    people = people_of(
        {"contact_ref": "X", "deputy_ref": "D"},
        {"contact_ref": "D", "deputy_ref": "X"},
        {"contact_ref": "S"},
        away=("X", "D"),
    )
    assert people.told(("owner",), "police", CASE) == {"X": "owner", "S": "owner"}


def test_who_is_barred_from_a_case_is_nobody_in_it() -> None:
    shared = {"email": "x@surrey.police.uk"}
    people = people_of(
        {"contact_ref": "X", **shared},
        {"contact_ref": "S", "deputy_ref": "Y"},
        {"contact_ref": "Y", "email": "X@Surrey.police.uk"},
        {"contact_ref": "T", "roles": ["spoc"]},
        away=("S",),
    )
    assert people.told(("owner",), "police", replace(CASE, barred=frozenset({"X"}))) == {"Y": "owner"}
    assert people.told(("owner",), "police", replace(CASE, barred=frozenset("XY"))) == {
        "S": "owner",
        "T": "owner",
    }
    assert barred([{"barred_refs": ["X"]}, {"barred_refs": None}], people.store) == {"X", "Y"}


def test_who_is_named_in_other_letters_is_barred_all_the_same() -> None:
    people = people_of({"contact_ref": "X1", "email": "x@surrey.police.uk"}, {"contact_ref": "Y", "email": None})
    assert barred([{"barred_refs": ["x1"]}, {"barred_refs": ["n9"]}], people.store) == {"x1", "X1", "n9"}


def test_two_contacts_of_one_account_in_slack_are_one_person() -> None:
    people = people_of(
        {"contact_ref": "X", "email": "x@surrey.police.uk"},
        {"contact_ref": "Y", "email": "X@surrey.police.uk", "slack_user_id": "U1"},
        {"contact_ref": "Z", "slack_user_id": "U1"},
        {"contact_ref": "T", "slack_user_id": "U2"},
    )
    assert barred([{"barred_refs": ["X"]}], people.store) == {"X", "Y", "Z"}


def test_no_prosecutor_means_the_area_s_spoc() -> None:
    people = people_of({"contact_ref": "C", "agency": "cps", "roles": ["spoc"], "cps_area": ["South East"]})
    assert people.told(("owner", "spoc"), "cps", CASE) == {"C": "owner"}
    assert people.told(("owner", "spoc"), "both", CASE) == {None: "owner", "C": "owner"}


def test_an_end_is_told_to_those_who_were_told_and_have_not_left() -> None:
    owed = Owed("45", "1", None, "action", "action:A0", "police", date(2026, 3, 2), "high")
    life = Life(owed, position=2, told={(1, "critical"): {"STAYS", "LEFT", None}})
    people = people_of({"contact_ref": "STAYS"}, {"contact_ref": "LEFT", "active_to": date(2026, 3, 1)})
    action = {"force_code": "45", "case_ref": "1", "action_ref": "A0", "kind": "CCTV", "source": "investigation"}
    action |= {"status": "done", "closed_on": date(2026, 3, 2)}
    other = _store(action)
    people.store.files |= {name: other.files[name] for name in ("cases", "actions")}
    people.store.noticed, people.store.columns = other.noticed, other.columns
    reading = Reading(store=people.store, lives={owed.identity: life})
    reading.project(date(2026, 3, 2))
    assert {row["contact_ref"] for row in reading.resolved} == {"STAYS", None}
    assert reading.ended[owed.identity, 1] == (date(2026, 3, 2), {"met"})
