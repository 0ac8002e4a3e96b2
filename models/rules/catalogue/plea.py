from collections.abc import Iterator

from config.authority import Authority
from config.numbers import Within
from config.terms import EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_stalking_or_harassment
from models.rules.facts import CaseFacts, PleaFact
from models.rules.offences import HARASSMENT, STALKING, stem
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_NO_PLEA = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "no plea is recorded")


def plea(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """CPS consults the victim, records the reason and has the SPOC review a harassment plea to a stalking charge.

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
        elif stem(row.charged_code) not in STALKING or stem(row.plea_code) not in HARASSMENT:
            yield OwesNothing(subject, EndReason.OUT_OF_SCOPE, "it is no harassment plea to a stalking charge")
        elif missing := _missing(row):
            due = calendar.plus(row.offered_on, numbers.within)
            note = f"not recorded yet: {', '.join(missing)}"
            yield Owes(subject, OwedBy.CPS, due, (Term("plea offered", row.offered_on, numbers.within, due, note),))
        else:
            yield OwesNothing(subject, EndReason.MET, "victim, reason and review by the SPOC are all recorded")


def _missing(row: PleaFact) -> list[str]:
    days = (
        ("the victim consulted", row.victim_consulted_on),
        ("the reason", row.rationale_recorded_on),
        ("the review by the SPOC", row.spoc_reviewed_on),
    )
    return [item for item, day in days if day is None]


RULE = Rule(
    "plea",
    plea,
    "Harassment plea to a stalking charge",
    "All three are recorded: the victim consulted, the reason, the SPOC's review (pleas.csv: victim_consulted_on, "
    "rationale_recorded_on, spoc_reviewed_on).",
    "A lesser plea taken lightly leaves the victim without what a stalking conviction would bring.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
)
