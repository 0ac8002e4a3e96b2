"""A sitting with its cases, and the people who are invited to it."""

from datetime import UTC, date, datetime, timedelta

from config.days.duration import Duration, Unit
from config.terms import Agency, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.people.directory import Directory, Person
from models.rules.people.parties import Parties
from models.rules.reviews.attendance import InvitingTerms
from models.rules.reviews.inviting import (
    ComingSitting,
    SittingCase,
)
from models.rules.reviews.sitting_leads import matters

STARTS = datetime(2026, 3, 24, 10, tzinfo=UTC)


def person(ref: str, *roles: str, agency: Agency = Agency.POLICE, **given: object) -> Person:
    places = (frozenset({"45"}), frozenset()) if agency is Agency.POLICE else (frozenset(), frozenset({"South East"}))
    ordinary = {"deputy_ref": None, "active": True, "absent": False}
    return Person(ref, agency, frozenset(roles), *places, **ordinary | given)


PEOPLE = (
    person("of1", "officer"), person("of2", "officer"), person("sup", "supervisor"), person("sp", "spoc"),
    person("chair", "lead"), person("pr1", "prosecutor", agency=Agency.CPS),
    person("cs", "spoc", agency=Agency.CPS),
)  # fmt: skip


def directory(*instead: Person) -> Directory:
    return Directory(list({one.ref: one for one in (*PEOPLE, *instead)}.values()))


def case(case_id: int, slot: int, *, oic: str = "of1", prosecutor: str | None = "pr1", restricted: bool = False):
    matter = Parties(OwedBy.BOTH, ("45",), ("South East",), oic, "sup", prosecutor)
    return SittingCase(case_id, slot, restricted, matter)


def sitting(*cases: SittingCase, chair: str = "chair", **given: object) -> ComingSitting:
    ordinary = {
        "id": 1, "ref": "45-south-east-2026-03-24", "force_code": "45", "cps_area": "South East", "rule": None,
        "ruled_on": None, "day": STARTS.date(), "starts_at": STARTS, "places": 12,
        "minutes_per_case": 10, "place": "Room 2",
    }  # fmt: skip
    chair_matter, spocs = matters(chair, "45", "South East")
    return ComingSitting(**ordinary | given, chair=chair_matter, spocs=spocs, cases=cases)


def terms(day: date) -> InvitingTerms:
    """The terms of an invitation at nine on a day: a sitting is settled two working days before it."""
    return InvitingTerms(
        datetime(day.year, day.month, day.day, 9, tzinfo=UTC), WorkingCalendar(),
        settled=Duration(2, Unit.WORKING_DAYS), agenda=Duration(0, Unit.WORKING_DAYS), around=timedelta(0),
        series_from=3,
    )  # fmt: skip
