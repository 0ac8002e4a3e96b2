"""Obligations without a case (specification 3): training, and the posts of SPOCs, from the text alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from tests.whole.reading.days import add
from tests.whole.reading.duties.owed import Owed
from tests.whole.reading.facts import Facts, area_of
from tests.whole.reading.seen import lacking_since, trained_seen
from tests.whole.reading.sheets import Row
from tests.whole.reading.store import Held, Store

AREAS = {
    name.lower(): name
    for name in (
        "Cymru-Wales",
        "East Midlands",
        "East of England",
        "London North",
        "London South",
        "Mersey-Cheshire",
        "North East",
        "North West",
        "South East",
        "South West",
        "Thames and Chiltern",
        "Wessex",
        "West Midlands",
        "Yorkshire and Humberside",
    )
}


def prosecutors(everything: list[Facts]) -> dict[str, date]:
    """Give each prosecutor of an open stalking case, with the day the earliest of those was opened."""
    found: dict[str, date] = {}
    for facts in everything:
        if facts.in_scope and (ref := facts.prosecutor):
            opened = facts.case["opened_on"]
            found[ref] = min(opened, found.get(ref, opened))
    return found


def is_prosecutor(contact: Row) -> bool:
    """Return whether a contact has the role."""
    return "prosecutor" in contact["roles"]


def is_spoc(contact: Row) -> bool:
    """Return whether a contact has the role."""
    return "spoc" in contact["roles"]


def has_left(contact: Row, day: date) -> bool:
    """Return whether a contact's last day has passed: a person who left needs no training."""
    return bool(contact["active_to"]) and contact["active_to"] < day


def posts(everything: list[Facts]) -> dict[str, date]:
    """Give each force and Area with an in-scope case, by subject, with the day the earliest of those was opened."""
    found: dict[str, date] = {}
    for facts in everything:
        if facts.in_scope:
            opened = facts.case["opened_on"]
            for subject in (f"force:{facts.case['force_code']}", f"area:{AREAS[area_of(facts.case)]}"):
                found[subject] = min(opened, found.get(subject, opened))
    return found


def _trained_until(store: Store, ref: str, course: str) -> tuple[bool, date | None]:
    """Return whether a contact's training has no expiry, and otherwise its latest expiry."""
    held = [row for row in store.supplied("training") if row["contact_ref"] == ref and row["course"] == course]
    ends = [row["expires_on"] for row in held]
    return None in ends, max((day for day in ends if day), default=None)


def _training(store: Store, everything: list[Facts], day: date) -> Iterator[Owed]:
    allocated = prosecutors(everything)
    for row in store.supplied("contacts"):
        ref = row["contact_ref"]
        if has_left(row, day):
            continue
        wanted = []
        seen_on = store.first_seen[ref]
        if is_prosecutor(row) and trained_seen(store, "cps", []):
            wanted.append(("prosecutor-training", "stalking_prosecutor", "cps", allocated.get(ref, seen_on), "4m"))
        if is_spoc(row) and trained_seen(store, row["agency"], row["force_code"]):
            wanted.append(("spoc-role", "spoc_role", row["agency"], seen_on, "1m"))
        for rule, course, by, since, within in wanted:
            for_good, until = _trained_until(store, ref, course)
            if not for_good:
                due = until or add(row["active_from"] or since, within)
                yield Owed(None, None, None, rule, f"contact:{ref}", by, due)


def _last_day(contact: Held) -> date | None:
    """Give a contact's last day: one who is withdrawn is inactive from that day."""
    ends = [contact.row["active_to"], contact.withdrawn_on and add(contact.withdrawn_on, "-1d")]
    return min((day for day in ends if day), default=None)


def _vacancies(store: Store, everything: list[Facts]) -> Iterator[Owed]:
    terms: dict[str, list[date | None]] = defaultdict(list)
    for held in store.files["contacts"].values():
        if is_spoc(held.row) and held.row["agency"] == "police":
            for code in held.row["force_code"]:
                terms[f"force:{code}"].append(_last_day(held))
        elif is_spoc(held.row):
            for area in held.row["cps_area"]:
                terms[f"area:{AREAS[area.replace('&', 'and').lower()]}"].append(_last_day(held))
    for subject, opened in posts(everything).items():
        ends = [day for day in terms[subject] if day]
        if len(ends) < len(terms[subject]):
            continue
        due = add(max(ends), "1d") if ends else add(opened, "0wd")
        yield Owed(None, None, None, "spoc-vacancy", subject, "police" if subject.startswith("force:") else "cps", due)


def owed_by_feeds(store: Store) -> Iterator[Owed]:
    """Yield the obligation of each source that has sent an extract, and of each file that its last one left out."""
    for source, sent_on in store.last_sent.items():
        due = add(sent_on, "2d")
        yield Owed(None, None, None, "feed-stale", f"source:{source}", "operations", due, None, sent_on)
    for (source, name), since in store.left_out.items():
        yield Owed(None, None, None, "feed-stale", f"source:{source}/{name}.csv", "operations", since)


def _columns(store: Store) -> Iterator[Owed]:
    """Yield the obligation of each source that lacks a column which a rule needs."""
    for source in store.agencies:
        first = min(lacking_since(store, source), default=None)
        if first:
            due = add(first, "20wd")
            yield Owed(None, None, None, "column-missing", f"source:{source}", "operations", due)


def owed_without_case(store: Store, everything: list[Facts], day: date) -> Iterator[Owed]:
    """Yield all obligations without a case on a day."""
    yield from owed_by_feeds(store)
    yield from _training(store, everything, day)
    yield from _vacancies(store, everything)
    yield from _columns(store)
