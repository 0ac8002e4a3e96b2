"""Confirmation of a grade: who may say that the grade of a case's risk is right, and what that cannot change."""

from datetime import date
from typing import NamedTuple

from config.doors import ActKind
from config.terms import Risk
from models.rules.access import refusal
from models.rules.arithmetic import format_day
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.refusal import Refusal


class GradedCase(NamedTuple):
    """The grade of a case's risk, and the day on which it was confirmed last, by its source or here."""

    risk: Risk
    finalised_on: date | None
    ratified_on: date | None


def decide(by: str, case: GradedCase, police: Parties, people: Directory, today: date) -> bool | Refusal:
    """Return whether a confirmation of today is new.

    It may come from the supervisor, a SPOC or a lead of the force, and anyone standing in for one of them; `police` are
    the parties of the case on the side that grades its risk.
    """
    if refused := refusal(ActKind.CONFIRMATION, police, by, people, today):
        return refused
    if case.finalised_on is not None:
        return Refusal((f"It was finalised on {format_day(case.finalised_on)}: its grade is asked for no more.",))
    return case.ratified_on is None or case.ratified_on < today
