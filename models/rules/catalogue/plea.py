from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.parts import DutyPart, missing, recorded, settled, unrecorded
from models.rules.catalogue.rule import PartOwner, Rule, Seeing
from models.rules.catalogue.scope import beyond_stalking_or_harassment
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.offences import STALKING, stem
from models.rules.result import CASE, GONE, Outcome, Owes, OwesNothing, Term
from models.rules.row_facts import PleaFact
from models.rules.sight import SentColumn, Sight

_CONSULTED, _RATIONALE, _REVIEWED = _NEEDS = (
    SentColumn("pleas.csv", "victim_consulted_on"),
    SentColumn("pleas.csv", "rationale_recorded_on"),
    SentColumn("pleas.csv", "spoc_reviewed_on"),
)
_NO_PLEA = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "no plea is recorded",
    said=GONE,
    kept_in=SentColumn("pleas.csv", "offered_on"),
)


def plea(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """CPS consults the victim, records the reason and has the SPOC review a plea to less than the stalking charged.

    A plea to another stalking offence counts: it may be the lesser one.
    Source: the protocol of 23 May 2018 and the CPS guidance on pleas that came with it; the SPOC's review is local.
    Number: local standard, working days.
    """
    if beyond := beyond_stalking_or_harassment(facts):
        yield beyond
        return
    if not facts.pleas:
        yield _NO_PLEA
    for row in facts.pleas:
        subject = f"plea:{row.ref}"
        if not row.supplied:
            yield OwesNothing(subject, EndReason.WITHDRAWN, "the plea was withdrawn by its source")
        elif stem(row.charged_code) not in STALKING or stem(row.plea_code) == stem(row.charged_code):
            yield OwesNothing(subject, EndReason.OUT_OF_SCOPE, "it is no plea to another offence than stalking charged")
        elif asked := missing(parts := _parts(row, facts.sight)):
            due = calendar.plus(row.offered_on, numbers.within)
            term = Term("plea offered", row.offered_on, numbers.within, due, unrecorded(asked))
            yield Owes(subject, OwedBy.CPS, due, (term,), parts=asked, arose_on=row.offered_on)
        else:
            yield settled(subject, parts, "victim, reason and review by the SPOC are all recorded")


def _parts(row: PleaFact, sight: Sight) -> tuple[DutyPart, ...]:
    return (
        recorded("the victim consulted", row.victim_consulted_on, _CONSULTED, sight, row.source_id),
        recorded("the reason", row.rationale_recorded_on, _RATIONALE, sight, row.source_id),
        recorded("the review by the SPOC", row.spoc_reviewed_on, _REVIEWED, sight, row.source_id),
    )


RULE = Rule(
    "plea",
    plea,
    "Plea to another offence than the stalking charged",
    "All three are recorded: the victim consulted, the reason, the SPOC's review (pleas.csv: victim_consulted_on, "
    "rationale_recorded_on, spoc_reviewed_on).",
    "A lesser plea taken lightly leaves the victim without what a stalking conviction would bring.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.STALKING_OR_HARASSMENT, Trait.PLEAS),
    needs=_NEEDS,
    parts={
        "the victim consulted": PartOwner.PROSECUTOR,
        "the reason": PartOwner.PROSECUTOR,
        "the review by the SPOC": PartOwner.SPOC,
    },
    seeing=Seeing.PARTS,
    side="CPS",
    readers=VICTIM,
)
