"""Rules about training: first training within a span, and renewal before it expires."""

from config.days.duration import Duration
from config.terms import EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.organisation_facts import LearnerFact
from models.rules.result import Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

COMPLETED_ON = SentColumn("training.csv", "completed_on")


def training(learner: LearnerFact, owed_by: OwedBy, within: Duration, calendar: WorkingCalendar) -> Outcome:
    """Return one contact's answer: nothing if trained for good; else the day of expiry, or `within` to train.

    A contact who has left owes nothing. Where nobody sends training, a renewal of what expires cannot be seen either.
    """
    subject, held = learner.subject, learner.training
    if learner.withdrawn:
        return OwesNothing(
            subject,
            EndReason.WITHDRAWN,
            "their source no longer names the contact",
            said="their source does not name them any more",
        )
    if learner.left:
        return OwesNothing(subject, EndReason.OUT_OF_SCOPE, "the contact has left", said="they left")
    if held.for_good:
        return OwesNothing(subject, EndReason.MET, "the training is recorded, and does not expire", held.completed_on)
    if not learner.seen:
        return OwesNothing(subject, EndReason.UNSEEN, "cannot be seen: no source of theirs sends training.csv")
    if held.expires_on is not None:
        term = Term("the training expires", held.expires_on, None, held.expires_on)
        return Owes(subject, owed_by, term.makes, (term,))
    return _first(learner, owed_by, within, calendar)


def _first(learner: LearnerFact, owed_by: OwedBy, within: Duration, calendar: WorkingCalendar) -> Outcome:
    """Return the answer of one who holds no training: it counts from the first of these days that is known."""
    days = (
        ("active from", learner.active_from),
        ("earliest open stalking case opened", learner.earliest_case_on),
        ("first seen", learner.first_seen_on),
    )
    for fact, day in days:
        if day is not None:
            due = calendar.plus(day, within)
            return Owes(learner.subject, owed_by, due, (Term(fact, day, within, due),))
    return OwesNothing(
        learner.subject,
        EndReason.OUT_OF_SCOPE,
        "the contact has no open stalking case",
        said="they have no open stalking case any more",
    )
