"""Own examples of who leads (specification 4, Whom); and the books of every day show each of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.whole.reading import side_by_side
from tests.whole.reading.books.book import Book
from tests.whole.reading.books.nights import nights
from tests.whole.reading.examples import people_of
from tests.whole.reading.lives import Reading
from tests.whole.reading.people import Case, Owner, People
from tests.whole.reading.seeds import STANDING

CASE = Case("45", "south east", "X", "S", None)
PANEL = {("45", "south east"): {"police": "B"}}


def spocs(*, away: tuple[str, ...] = (), **changed: dict[str, Any]) -> People:
    """The SPOCs A, B and C of Surrey, and the lead L."""
    rows = [{"contact_ref": ref, "roles": ["spoc"], **changed.get(ref, {})} for ref in "ABC"]
    people = people_of(*rows, {"contact_ref": "D"}, {"contact_ref": "L", "roles": ["lead"]}, away=away)
    return replace(people, panels=PANEL)


def told(people: People, case: Case = CASE, *, every: bool = False) -> set[str | None]:
    return set(people.told(("spoc",), "police", case, every=every))


def test_the_rows_spoc_leads_else_the_panels_and_from_one_week_on_all_are_told() -> None:
    assert told(spocs()) == {"B"}
    assert told(spocs(), replace(CASE, spocs={"police": "A"})) == {"A"}
    assert told(spocs(), replace(CASE, spocs={"police": "A"}), every=True) == {"A", "B", "C"}
    assert told(replace(spocs(), panels={})) == {"A", "B", "C"}


def test_whoever_may_not_lead_does_not() -> None:
    named = replace(CASE, spocs={"police": "A"})
    assert told(spocs(A={"roles": ["officer"]}), named) == {"B"}
    assert told(spocs(A={"force_code": ["46"]}), named) == {"B"}
    assert told(spocs(), replace(named, barred=frozenset("A"))) == {"B"}
    assert told(spocs(B={"restricted_access": True}), replace(named, restricted=True)) == {"B"}
    assert told(spocs(), replace(named, restricted=True)) == {"A", "B", "C"}


def test_the_deputy_of_who_leads_is_told_or_the_others_too_or_the_lead() -> None:
    assert told(spocs(away=("B",), B={"deputy_ref": "D"})) == {"D"}
    assert told(spocs(away=("B",))) == {"A", "B", "C"}
    officers = {ref: {"roles": ["officer"]} for ref in "AC"}
    assert told(spocs(away=("B",), **officers)) == {"B", "L"}


def test_a_supervisors_review_is_the_supervisors_and_an_outcome_the_chairs() -> None:
    people = people_of({"contact_ref": "X"}, {"contact_ref": "S"}, {"contact_ref": "CHAIR"})
    assert people.told(("owner",), "police", CASE, Owner("supervisor")) == {"S": "owner"}
    assert people.told(("owner",), "police", CASE, Owner("chair", "CHAIR")) == {"CHAIR": "owner"}
    assert people.told(("owner",), "police", CASE, Owner("chair", "GONE")) == {"S": "owner"}


def test_the_books_of_every_day_have_spocs_who_lead_by_row_and_panel_and_others_who_come_to_lead(
    tmp_path: Path,
) -> None:
    seen: Counter[str] = Counter()
    for seed in STANDING[:3]:
        book = Book(seed, side_by_side.CASES)
        reading = Reading(reviews=book.reviews)
        for night in nights(book, side_by_side.NIGHTS, tmp_path / str(seed)):
            night.load(reading.store)
            reading.run(night.day)
            people = reading.people(night.day)
            for case in reading.cases.values():
                lead = replace(people, barred=case.barred).leader("police", case)
                seen["row" if lead == case.spocs["police"] else "panel" if lead else "nobody"] += lead is not None
                seen["nobody"] += lead is None
        seen["handed over"] += sum(row["duty"] == "escalate" and row["addressee"] == "spoc" for row in reading.handed)
    assert all(seen[way] for way in ("row", "panel", "nobody", "handed over")), seen
