"""The shared part of the training rules: who is exempt, and the day until which training is valid."""

from config.duration import Duration
from config.terms import EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.organisation_facts import LearnerFact
from models.rules.result import Outcome, Owes, OwesNothing, Term


def training(learner: LearnerFact, owed_by: OwedBy, within: Duration, began: str, calendar: WorkingCalendar) -> Outcome:
    """Return one contact's answer: nothing if trained for good; else the day of expiry, or `within` to train.

    `began` describes the day in `counts_from`. A contact who has left owes nothing.
    """
    subject, held = learner.subject, learner.training
    if learner.withdrawn:
        return OwesNothing(subject, EndReason.WITHDRAWN, "their source no longer names the contact")
    if learner.left:
        return OwesNothing(subject, EndReason.OUT_OF_SCOPE, "the contact has left")
    if held.for_good:
        return OwesNothing(subject, EndReason.MET, "the training is recorded, and does not expire")
    if held.expires_on is not None:
        term = Term("the training expires", held.expires_on, None, held.expires_on)
    elif learner.active_from is not None:
        term = Term("active from", learner.active_from, within, calendar.plus(learner.active_from, within))
    elif learner.counts_from is not None:
        term = Term(began, learner.counts_from, within, calendar.plus(learner.counts_from, within))
    else:
        return OwesNothing(subject, EndReason.OUT_OF_SCOPE, "the contact has no open stalking case")
    return Owes(subject, owed_by, term.makes, (term,))
