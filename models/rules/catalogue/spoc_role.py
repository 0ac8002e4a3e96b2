from collections.abc import Iterator

from config.numbers import Within
from config.terms import OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.training import training
from models.rules.organisation_facts import Learner
from models.rules.result import Outcome


def spoc_role(learner: Learner, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Their agency sees to it that each single point of contact is trained for the role, and stays so.

    Source: NPCC/CPS protocol of 23 May 2018: SPOCs are to understand the role. Number: local standard (`within`, plain
    months, of beginning or of being first seen); the day of expiry is used as sent.
    """
    yield training(learner, OwedBy(learner.agency.value), numbers.within, "first seen", calendar)
