from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.last_act import last_act_on
from models.rules.catalogue.rule import UNKNOWABLE, Rule, Seeing
from models.rules.catalogue.scope import beyond_six_months
from models.rules.catalogue.traits import Trait
from models.rules.facts import CHARGED_CODES, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

LAST_ACT_ON = SentColumn("cases.csv", "last_act_on")
OCCURRED_ON = SentColumn("incidents.csv", "occurred_on")
NOTED_ON = SentColumn("cases.csv", "time_limit_noted_on")
_NOTED = OwesNothing(
    CASE,
    EndReason.MET,
    "a supervisor has recorded what the expiry means",
    said="a supervisor recorded what the end of the limit means",
)
_KNOWN = OwesNothing(CASE, EndReason.MET, "the last act is known", said="the last act was recorded")


def time_limit_unknown(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police record the last act of a case that may have a six-month limit: without it the end is unknown.

    Source: follows from Magistrates' Courts Act 1980 s.127. Number: local standard, working days.
    """
    opened = facts.case.opened_on
    if beyond := beyond_six_months(facts):
        yield beyond
    elif facts.case.time_limit_noted_on is not None:
        yield _NOTED._replace(on=facts.case.time_limit_noted_on)
    elif last_act_on(facts) is not None:
        yield _KNOWN
    elif unseen := _blind(facts):
        yield OwesNothing(CASE, EndReason.UNSEEN, unseen)
    else:
        due = calendar.plus(opened, numbers.within)
        because = (Term("case opened", opened, numbers.within, due, "no last act is recorded"),)
        yield Owes(CASE, OwedBy.POLICE, due, because, arose_on=opened)


def _blind(facts: CaseFacts) -> str:
    """Return why no last act can be seen: its column is not sent, and incidents are not either."""
    sight = facts.sight
    return sight.blind(OCCURRED_ON, None, OwedBy.POLICE) and sight.blind(
        LAST_ACT_ON, facts.case.source_id, OwedBy.POLICE
    )


RULE = Rule(
    "time-limit-unknown",
    time_limit_unknown,
    "Last act not recorded: time limit unknown",
    "The last act is recorded (cases.csv: last_act_on, or incidents.csv: occurred_on), or what makes the limit "
    "none of its matter: a charge of stalking or harassment (cps_cases.csv: charged_on, charged_codes) or a "
    "supervisor's note (cases.csv: time_limit_noted_on).",
    "Without the day of the last act nobody can know when the six-month limit ends.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.CLOCK_CASE, Trait.SUMMARY_OFFENCE),
    needs=(LAST_ACT_ON, OCCURRED_ON),
    seeing=Seeing.EITHER,
    also=(CHARGED_ON, CHARGED_CODES, NOTED_ON),
    side="police",
    readers=VICTIM,
    answer=UNKNOWABLE,
)
