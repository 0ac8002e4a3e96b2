from collections.abc import Iterator

from config.numbers import Numbers
from config.terms import SUSPECT, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import NOT_ON_BAIL, beyond_clocks, charged
from models.rules.catalogue.status import SUSPECT_STATUS
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
    """Police decide before pre-charge bail ends. A charge is a decision.

    Source: Police and Criminal Evidence Act 1984 s.47ZA onward. Number: law; the day is used as sent, never computed.
    """
    ends = facts.case.bail_ends_on
    if beyond := beyond_clocks(facts):
        yield beyond
    elif facts.charged:
        yield charged(facts)
    elif not facts.case.on_bail:
        yield (NOT_ON_BAIL if facts.case.held else _FELL_AWAY)._replace(on=facts.status_recorded_on)
    elif ends is None:
        yield _NO_DAY
    else:
        yield Owes(CASE, OwedBy.POLICE, ends, (Term("bail ends", ends, None, ends),))


RULE = Rule(
    "bail-end",
    bail_end,
    "End of pre-charge bail",
    "The charge (cps_cases.csv: charged_on), the suspect's new status, or a later end of bail is recorded "
    "(cases.csv: suspect_status, bail_ends_on).",
    "When bail ends, so do the conditions that keep the suspect away.",
    duty=Authority.LAW,
    number=Authority.LAW,
    only_where=(Trait.CLOCK_CASE, Trait.UNCHARGED, Trait.ON_BAIL, Trait.BAIL_ENDS),
    begins=(SUSPECT_STATUS, BAIL_ENDS_ON),
    also=(CHARGED_ON,),
    side="police",
    readers=SUSPECT,
)
