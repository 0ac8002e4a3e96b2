"""The suspects of a case: on bail that ends, free without bail, sought, or in custody, each for a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.whole.reading.days import add, by_risk
from tests.whole.recount.book import DAY, LAST, Told

if TYPE_CHECKING:
    from tests.whole.recount.life import Life

KINDS = ("bail", "bail", "rui", "voluntary", "custody", "wanted", "at_large", None)
SOUGHT = ("wanted", "at_large")


def suspects_of(life: Life) -> dict[str, Any]:
    """Let a case have suspects: two with rows of their own in some, else the one of its own row, whose cells these are.

    A charge tells of the case's own suspect alone.
    """
    if life.number % 7 != 3:
        kind = life.book.rng.choice(KINDS)
        return _lived(life, None if kind == "custody" and not life.number % 3 else kind, "")
    for letter in "AB":
        ref = f"{letter}{life.force}-{life.number}"
        cells = _lived(life, life.book.rng.choice(KINDS), letter)
        named = {"force_code": life.force, "case_ref": life.ref, "suspect_ref": ref}
        life.book.put(life.source, "suspects", (ref,), life.opened, **named, **cells)
    return {}


def _lived(life: Life, kind: str | None, letter: str) -> dict[str, Any]:
    """Let a suspect have a status, and perhaps another later."""
    book = life.book
    day = book.day(max(life.opened, date(2026, 2, 16)), date(2026, 3, 27))
    status, changed, bail = Told(), Told(), Told()
    views = book.done(add(day, "1wd"), day) if kind == "bail" else None
    over = _over(life, kind, day, bail, letter)
    for begun, state in ((day, kind), (over, "rui")):
        if state and begun and kind:
            life.news.append(begun)
            status.add(begun, state)
            changed.add(begun, begun)
    free = day if kind in ("rui", "voluntary") else over
    reviewed = book.done(add(free, "2wd"), free) if free else None
    tried = [each for each in _attempts(life, day) if over is None or each <= over] if kind in SOUGHT else []
    return {
        "suspect_status": status, "status_changed_on": changed, "bail_ends_on": bail,
        "bail_views_on": book.told(views), "release_reviewed_on": book.told(reviewed),
        "arrest_attempted_on": book.told(*tried),
    }  # fmt: skip


def _over(life: Life, kind: str | None, day: date, bail: Told, letter: str) -> date | None:
    """Return the day on which bail, custody or a search is over, None where none of it is yet."""
    if kind in SOUGHT:
        end = add(day, "8wd")
    elif kind in ("bail", "custody"):
        end = day + timedelta(days=life.book.rng.choice([8, 14, 60]))
        if kind == "bail":
            bail.add(day, end)
        else:
            _in_custody(life, day, end, letter)
    else:
        return None
    over = life.book.done(end, day + DAY)
    return None if over is None or over > LAST or (life.ended and life.ended <= over) else over


def _attempts(life: Life, sought: date) -> list[date]:
    every = by_risk(("1wd", "2wd", "5wd"), life.risk)
    return life.again(lambda done: add(done or sought, every), sought - DAY)


def _in_custody(life: Life, day: date, end: date, letter: str) -> None:
    """Let CPS tell until when a defendant may be held."""
    if letter:
        ref = f"{letter}{life.force}-{life.number}"
        life.book.put(life.book.cps, "defendants", (ref,), day, **life.by_urn(), defendant_ref=ref, ctl_expires_on=end)
    else:
        key = (life.urn,) if life.urn else (life.force, life.ref)
        life.book.put(life.book.cps, "cps_cases", key, day, **life.by_urn(), ctl_expires_on=end)
