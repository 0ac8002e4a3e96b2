from collections.abc import Iterator

from config.leading import OwnerKind
from config.numbers import Within
from config.terms import VICTIM, Agency, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.joint_review import HELD
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import finalised
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_OWED_BY = {None: OwedBy.BOTH, Agency.POLICE: OwedBy.POLICE, Agency.CPS: OwedBy.CPS}
_NO_SITTING = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "it was listed for no joint review meeting")


def outcome_unrecorded(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Record the outcome of a case soon after its sitting: a review without one cannot be relied on.

    The chair's agency owes it from the day on which the case is convened, or both agencies if the chair is not known.
    Source: none; the NPCC/CPS protocol of 23 May 2018 asks for reviews. Number: local standard, working days.
    """
    if not facts.open:
        yield finalised(facts)
        return
    if not facts.sittings:
        yield _NO_SITTING
    for sitting in facts.sittings:
        subject = f"sitting:{sitting.ref}"
        if sitting.recorded_on is not None:
            yield OwesNothing(subject, EndReason.MET, "the outcome was recorded", sitting.recorded_on)
        elif not sitting.convened:
            yield OwesNothing(subject, EndReason.WITHDRAWN, "the case is not listed for that meeting any more")
        else:
            due = calendar.plus(sitting.day, numbers.within)
            term = Term("joint review meeting", sitting.day, numbers.within, due)
            yield Owes(subject, _OWED_BY[sitting.chair], due, (term,), arose_on=sitting.day)


RULE = Rule(
    "outcome-unrecorded",
    outcome_unrecorded,
    "Outcome of a joint review meeting not recorded",
    "What came of the case at the meeting is recorded (casebeat record-review, or its form), or a joint review "
    "held on the meeting's day or after it (reviews.csv: kind joint, held_on, police_attended, cps_attended).",
    "Only a review of which it is known what it decided keeps anybody safe.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.OPEN, Trait.SITTINGS),
    owner=OwnerKind.CHAIR,
    side="the chair's agency",
    readers=VICTIM,
    answer=HELD,
)
