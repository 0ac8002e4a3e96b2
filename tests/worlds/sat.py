"""A case before sittings: rows as planning and convening write them, and recorded outcomes."""

from typing import Any

from tests.worlds.days import day
from tests.worlds.one_case import CASE, OneCase


def sitting(book: OneCase, on: str, *, chair: str = "SP1") -> str:
    """Add a sitting of Surrey with CPS South East on a day, at ten; return its reference."""
    ref = f"45-south-east-{day(on).isoformat()}"
    book.say(
        """insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place)
           values (:ref, '45', 'South East', :day, cast(:day as date) + time '10:00', 12, 10, :chair, 'Room 2')""",
        ref=ref,
        day=day(on),
        chair=chair,
    )
    return ref


def convene(book: OneCase, ref: str, case_ref: str = "45/1234") -> None:
    """Convene the case to a sitting, a week ahead of it, and mark the case as changed."""
    book.say(
        """insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
           select k.id, s.id, (select count(*) from convenings v where v.sitting_id = s.id), s.day, s.day, 'due',
                  s.day - 7
           from case_keys k, sittings s where k.case_ref = :case_ref and s.ref = :ref""",
        ref=ref,
        case_ref=case_ref,
    )
    book.changed()


def sits(book: OneCase, on: str, *, case_ref: str = "45/1234", **more: Any) -> str:
    """Add a sitting to which the case is convened; return its reference."""
    ref = sitting(book, on, **more)
    convene(book, ref, case_ref)
    return ref


def record(book: OneCase, ref: str, *said: str, by: str = "SP1", as_of: str, case: str = CASE) -> Any:
    """Run `casebeat record-review` as somebody would type it."""
    return book.cli("record-review", ref, case, "--by", by, *said, "--as-of", day(as_of).isoformat())


HELD = ("--held", "--police", "--cps", "--decision", "continue")
ALONE = ("--held", "--police", "--no-cps", "--decision", "continue")
NOT_REACHED = ("--not-held", "--decision", "not_reached")


def owed(book: OneCase, rule: str = "joint-review") -> list[Any]:
    """The due day and version of the live obligation under a rule."""
    return book.ask(f"select due_on, version from obligations where rule = '{rule}' and ended_on is null order by id")
