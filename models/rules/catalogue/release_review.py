from collections.abc import Iterator

from config.numbers import Within
from config.terms import Authority, EndReason, OwedBy, Risk, SuspectStatus
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_guarded
from models.rules.catalogue.status import SUSPECT_STATUS, of_present_status, status_unseen
from models.rules.catalogue.suspects import of_each_suspect
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_REVIEWED_ON = SentColumn("cases.csv", "release_reviewed_on")
_WITHOUT_BAIL = frozenset({SuspectStatus.RUI, SuspectStatus.VOLUNTARY})
_LOWER_RISK = OwesNothing(
    CASE, EndReason.OUT_OF_SCOPE, "the risk is neither high nor unknown", said="the risk is not graded high any more"
)
_OTHERWISE = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "the suspect is not released without bail",
    said="the suspect is not released without bail any more",
)
_REVIEWED = OwesNothing(CASE, EndReason.MET, "the release without bail was reviewed")


def release_review(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police review each suspect's release without bail where the risk is high: no condition keeps them away.

    An unknown risk counts as high. A review of an earlier release does not count.
    Source: no published duty; the thematic of 8 December 2020 on bail and release under investigation found risk
    unmanaged. Number: local standard, working days from the day of the status.
    """
    if beyond := beyond_guarded(facts):
        yield beyond
    elif facts.risk is not Risk.HIGH:
        yield _LOWER_RISK
    else:
        yield from of_each_suspect(facts, lambda alone: _of_suspect(alone, numbers, calendar))


def _of_suspect(alone: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Outcome:
    row = alone.case
    if unseen := status_unseen(alone):
        return unseen
    if row.suspect_status not in _WITHOUT_BAIL:
        return _OTHERWISE._replace(on=alone.status_recorded_on)
    if of_present_status(alone, row.release_reviewed_on):
        return _REVIEWED._replace(on=row.release_reviewed_on)
    if why := alone.sight.blind(_REVIEWED_ON, row.source_id, OwedBy.POLICE):
        return OwesNothing(CASE, EndReason.UNSEEN, why)
    day = alone.status_day
    due = calendar.plus(day, numbers.within)
    return Owes(CASE, OwedBy.POLICE, due, (Term("suspect without bail since", day, numbers.within, due),), arose_on=day)


RULE = Rule(
    "release-review",
    release_review,
    "Review of a release without bail",
    "The review of the release is recorded, on the day of the release or later (cases.csv or suspects.csv: "
    "release_reviewed_on).",
    "A suspect released without bail is free of any condition, and may go straight to the victim.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.GUARDED,),
    needs=(_REVIEWED_ON,),
    begins=(SUSPECT_STATUS,),
    also=(WHY_NOT_STALKING,),
    side="police",
)
