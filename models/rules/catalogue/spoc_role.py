from collections.abc import Iterator

from config.numbers import Within
from config.terms import Authority, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import About, Rule
from models.rules.catalogue.training import COMPLETED_ON, training
from models.rules.organisation_facts import LearnerFact
from models.rules.result import Outcome


def spoc_role(learner: LearnerFact, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """The agency of each single point of contact trains them for the role, and keeps the training current.

    Source: NPCC/CPS protocol of 23 May 2018: SPOCs are to understand the role. Number: local standard (`within`, plain
    months, from their start or the day first seen); the day of expiry is used as sent.
    """
    yield training(learner, OwedBy(learner.agency.value), numbers.within, calendar)


RULE = Rule(
    "spoc-role",
    spoc_role,
    "Training of a SPOC for the role",
    "The training is recorded (training.csv: course spoc_role, with no expires_on, or a later one).",
    "A single point of contact who knows the role is one whom both agencies can turn to.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    about=About.SPOC,
    needs=(COMPLETED_ON,),
    side="their agency",
)
