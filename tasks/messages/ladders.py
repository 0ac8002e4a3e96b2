"""The ladder of an obligation in a message: who hears on a day, and what comes next."""

from collections.abc import Sequence
from datetime import date

from config.ladders import Step
from models.queries.obligations.obligation_views import ObligationView
from models.rules.obligations import first_day
from models.rules.obligations.first_day import ForceMatter
from models.rules.obligations.forecast import following
from models.rules.obligations.ladder import Rung
from tasks.messages.contexts import FollowingStep
from tasks.platform.configuration import Configuration


def of_force(matter: ObligationView) -> ForceMatter:
    """Return what decides what its force's first day means to an obligation."""
    return ForceMatter(matter.rule, matter.due_on, matter.risk, matter.numbers_of, matter.new_on)


def ladder_on(configuration: Configuration, matter: ObligationView, day: date) -> Sequence[Step]:
    """Return the ladder that it climbs, with those who hear on a day."""
    policy = configuration.policy
    start = first_day.start(policy, of_force(matter), configuration.calendar)
    return first_day.steps_on(policy.ladder_of(matter.rule, matter.numbers_of), start, day)


def following_step(configuration: Configuration, matter: ObligationView, today: date) -> FollowingStep | None:
    """Return the next step if nothing changes, on the day of its letter."""
    policy, calendar = configuration.policy, configuration.calendar
    rung = Rung(
        matter.remind_on, matter.due_on, matter.escalate_on, matter.risk, matter.hard, matter.last_step,
        matter.taken_on, matter.acknowledged_until, configuration.convened(matter.sits_on, matter.force_code),
        first_day.start(policy, of_force(matter), calendar),
    )  # fmt: skip
    ahead = following(policy.ladder_of(matter.rule, matter.numbers_of), rung, today, calendar)
    if ahead is None:
        return None
    step = ladder_on(configuration, matter, ahead.on)[ahead.step - 1]
    return FollowingStep(step=step.step, on=ahead.on, to=step.to)
