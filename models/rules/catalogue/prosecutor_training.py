from collections.abc import Iterator

from config.authority import Authority
from config.numbers import Within
from config.terms import OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.training import training
from models.rules.organisation_facts import LearnerFact
from models.rules.result import Outcome


def prosecutor_training(learner: LearnerFact, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """CPS trains each prosecutor who has an open stalking case, and keeps the training current.

    Source: NPCC/CPS protocol of 23 May 2018: mandatory training for all prosecutors, within about four months of that
    day.
    Number: local standard for a newcomer (`within`, plain months, from their start or their first such case); the day
    of expiry is used as sent.
    """
    yield training(learner, OwedBy.CPS, numbers.within, "earliest open stalking case opened", calendar)


RULE = Rule(
    "prosecutor-training",
    prosecutor_training,
    "Stalking training of a prosecutor",
    "The training is recorded (training.csv: course stalking_prosecutor, with no expires_on, or a later one).",
    "A prosecutor who knows what stalking is sees the pattern behind the single acts.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    per_case=False,
)
