from collections.abc import Iterator

from config.numbers import TrainingNumbers
from config.terms import Authority, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import About, Rule
from models.rules.catalogue.training import COMPLETED_ON, training
from models.rules.organisation_facts import LearnerFact
from models.rules.result import Outcome


def prosecutor_training(learner: LearnerFact, numbers: TrainingNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """CPS trains each prosecutor, and keeps the training current; the policy may ask it of those with a case alone.

    Source: NPCC/CPS protocol of 23 May 2018: mandatory training for all prosecutors, within about four months of that
    day.
    Number: local standard for a newcomer (`within`, plain months, from their start, otherwise from their earliest open
    stalking case, otherwise from the day first seen); the day of expiry is used as sent.
    """
    yield training(learner, OwedBy.CPS, numbers.within, calendar)


RULE = Rule(
    "prosecutor-training",
    prosecutor_training,
    "Stalking training of a prosecutor",
    "The training is recorded (training.csv: course stalking_prosecutor, with no expires_on, or a later one).",
    "A prosecutor who knows what stalking is sees the pattern behind the single acts.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    about=About.PROSECUTOR,
    needs=(COMPLETED_ON,),
    side="CPS",
)
