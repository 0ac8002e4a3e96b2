from collections.abc import Iterator

from config.numbers import Numbers
from config.terms import SUSPECT, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import NOT_ON_BAIL, beyond_clocks, beyond_uncharged_bail
from models.rules.catalogue.status import SUSPECT_STATUS
from models.rules.catalogue.suspects import of_each_suspect
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

BAIL_ENDS_ON = SentColumn("cases.csv", "bail_ends_on")
_NO_DAY = OwesNothing(
    CASE, EndReason.MET, "no day is recorded on which bail ends", said="no day is recorded any more on which bail ends"
)

_FELL_AWAY = NOT_ON_BAIL._replace(said="bail ended without a charge, and its conditions with it", lost=True)


def bail_end(facts: CaseFacts, numbers: Numbers, calendar: WorkingCalendar) -> Iterator[Outcome]:  # noqa: ARG001  one shape for all rules
    """Police decide before a suspect's pre-charge bail ends. A charge is a decision.

    Source: Police and Criminal Evidence Act 1984 s.47ZA onward. Number: law; the day is used as sent, never computed.
    """
    if beyond := beyond_clocks(facts):
        yield beyond
    else:
        yield from of_each_suspect(facts, _of_suspect)


def _of_suspect(alone: CaseFacts) -> Outcome:
    ends = alone.case.bail_ends_on
    if beyond := beyond_uncharged_bail(alone):
        return beyond if alone.charged or alone.case.held else _FELL_AWAY._replace(on=beyond.on)
    if ends is None:
        return _NO_DAY
    return Owes(CASE, OwedBy.POLICE, ends, (Term("bail ends", ends, None, ends),))


RULE = Rule(
    "bail-end",
    bail_end,
    "End of pre-charge bail",
    "The charge (cps_cases.csv, cases.csv or suspects.csv: charged_on), the suspect's new status, or a later end of "
    "bail is recorded (cases.csv or suspects.csv: suspect_status, bail_ends_on).",
    "When bail ends, so do the conditions that keep the suspect away.",
    duty=Authority.LAW,
    number=Authority.LAW,
    only_where=(Trait.CLOCK_CASE, Trait.MAY_BE_BAILED),
    begins=(SUSPECT_STATUS, BAIL_ENDS_ON),
    also=(CHARGED_ON,),
    side="police",
    readers=SUSPECT,
)
