"""Duties of what a suspect's status is, of each suspect: views, reviews, searches, and the ends of bail and custody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.whole.reading.codes import EITHER, codes
from tests.whole.reading.days import add, by_risk
from tests.whole.recount.counting import Counting, Duty, One, key_of, sender, suspects, watched
from tests.whole.recount.history import DAY, day_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts
    from tests.whole.reading.sheets import Key
    from tests.whole.recount.history import Run, Said

SOUGHT = ("at_large", "wanted")


def _of_statuses(
    facts: Facts, count: Counting, kinds: set[str], column: str, within: str
) -> Iterator[tuple[One, date, Duty]]:
    for one in suspects(facts) if watched(facts) else ():
        for run in count.history.runs[one.file, one.key]:
            due = add(run.since, within)
            if run.status in kinds and count.holds(run.since) and _lasted(run, due):
                day = date.min if run.any_day else run.since
                said = count.history.first_on_or_after(one.file, one.key, column, day)
                done = day_of(said, column)
                early = said is not None and (said.row[column] < run.seen_on or said.day <= run.seen_on)
                yield one, run.since, Duty((one.key, run.since), facts, sender(facts.case), due, done, early=early)


def _lasted(run: Run, due: date) -> bool:
    return run.until is None or run.until > due


def bail_views(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each time that a suspect began to be on bail, until a charge."""
    for one, since, duty in _of_statuses(facts, count, {"bail"}, "bail_views_on", "1wd"):
        charged = one.charged_on
        if charged and charged < since:
            continue
        if not charged or charged > duty.due:
            yield duty
        elif not duty.in_time and charged < duty.due:
            yield Duty(duty.unit, facts, duty.source, duty.due, charged)
        else:
            yield duty


def release_review(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each release without bail of a suspect of a case of high or unknown risk."""
    if facts.risk in (None, "high"):
        for _, _, duty in _of_statuses(facts, count, {"rui", "voluntary"}, "release_reviewed_on", "2wd"):
            yield duty


def searches(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield each attempt to arrest that came due while a suspect was sought."""
    for one in suspects(facts) if watched(facts) else ():
        said = count.history.all_said(one.file, one.key)
        every = {each.row["arrest_attempted_on"] for each in said if each.row.get("arrest_attempted_on")}
        for run in count.history.runs[one.file, one.key]:
            until = run.until or date.max
            tried = sorted(day for day in every if (run.any_day or day >= run.since) and day <= until)
            for last, following in zip([None, *tried], [*tried, None], strict=True):
                due = add(max(run.since, last or run.since), by_risk(("1wd", "2wd", "5wd"), facts.risk))
                met = following is not None and following <= due
                if run.status in SOUGHT and count.holds(due) and (met or until > due):
                    yield Duty((one.key, last, due), facts, sender(facts.case), due, following)


def _spans(said: list[Said], column: str) -> Iterator[tuple[Said, date | None, date | None]]:
    """Yield each value of a column, as first told, with the next value and the day of the extract that told it."""
    for index, one in enumerate(said):
        if one.row.get(column) and (index == 0 or said[index - 1].row.get(column) != one.row[column]):
            following = next((two for two in said[index + 1 :] if two.row.get(column) != one.row[column]), None)
            yield one, day_of(following, column), following.day if following else None


def _has_clock(facts: Facts) -> bool:
    return facts.kind != "other" or bool(codes(facts.case["offence_codes"]) & EITHER)


def bail_ends(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield each end of pre-charge bail that came, of each suspect."""
    for one in suspects(facts) if _has_clock(facts) else ():
        for said, following, moved in _spans(count.history.all_said(one.file, one.key), "bail_ends_on"):
            end, charged = said.row["bail_ends_on"], one.charged_on
            run = _run_at(one, count, min(said.day, end))
            if run.status != "bail" or not count.holds(end) or (charged and charged < said.day - DAY):
                continue
            moved_in_time = moved is not None and moved - DAY <= end
            if moved_in_time and (following is None or following < end):
                continue  # corrected to an earlier end, or taken back
            ways = [charged, run.until, moved - DAY if moved and moved_in_time else None]
            done = min((day for day in ways if day and day <= end), default=None)
            yield Duty((one.key, end), facts, sender(facts.case), end, done)


def _run_at(one: One, count: Counting, day: date) -> Run:
    runs = count.history.runs[one.file, one.key]
    return next((run for run in reversed(runs) if run.since <= day), runs[0])


def _defendants(facts: Facts) -> list[tuple[str, Key, str]]:
    """Give the file, key and source of the rows of each defendant."""
    rows = facts.own("defendants")
    own: list[tuple[str, Key, str]] = [("defendants", (row["defendant_ref"],), sender(row)) for row in rows]
    return own or [("cps_cases", key_of(row, "cps_cases", facts), sender(row)) for row in facts.cps]


def _held_until(facts: Facts, count: Counting, day: date) -> tuple[bool, date | None]:
    """Return whether anybody is in custody on a day, and from when nobody is.

    Of several defendants the limit says so, and so it does where no status is known, or none of the charge or later:
    CPS do not deny it in these books.
    """
    runs = [run for one in suspects(facts) for run in count.history.runs[one.file, one.key]]
    charged = facts.charged_on
    known = [run for run in runs if run.status and (not charged or (run.since >= charged and not run.any_day))]
    if len(_defendants(facts)) > 1 or not any(run.since <= day for run in known):
        return True, None
    held = [run for run in runs if run.status == "custody" and run.since <= day]
    ends = [run.until for run in held]
    return bool(held), None if None in ends else max(filter(None, ends), default=None)


def custody_limits(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield each custody time limit that came, of each defendant."""
    for name, key, source in _defendants(facts) if _has_clock(facts) else ():
        for said, following, moved in _spans(count.history.all_said(name, key), "ctl_expires_on"):
            end = said.row["ctl_expires_on"]
            held, until = _held_until(facts, count, end)
            if not held or not count.holds(end):
                continue
            moved_in_time = moved is not None and moved - DAY <= end
            if moved_in_time and (following is None or following < end):
                continue
            charged = facts.charged_on if facts.charged_on and facts.charged_on >= said.day else None
            ways = [charged, until, moved - DAY if moved and moved_in_time else None]
            done = min((day for day in ways if day and day <= end), default=None)
            yield Duty((key, end), facts, source, end, done)
