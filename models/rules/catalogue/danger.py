from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from config.first_day import Grace
from config.numbers import DangerNumbers
from config.terms import Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.beginnings import first_since
from models.rules.catalogue.breach_unanswered import BREACH
from models.rules.catalogue.danger_days import RISK, SUSPECT_KEY, VICTIM_KEY, DangerSign, danger_signs, in_words
from models.rules.catalogue.rule import AnsweringFact, PartOwner, Rule
from models.rules.catalogue.scope import beyond_guarded
from models.rules.catalogue.time_limit_unknown import OCCURRED_ON
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_CONFIRMED_ON = SentColumn("cases.csv", "risk_ratified_on")
SIGNS = OCCURRED_ON, BREACH, RISK, SUSPECT_KEY  # the columns of which each shows one sign
_PART = "the confirmed grade"
_CONFIRMED = "the grade of risk was confirmed"
_ALL_CONFIRMED = OwesNothing(
    CASE, EndReason.MET, "the grade of risk was confirmed, and nothing since says danger", said=_CONFIRMED
)
_NO_SIGN = OwesNothing(
    CASE, EndReason.MET, "nothing recorded says danger", said="what said danger is not recorded any more"
)


def danger(facts: CaseFacts, numbers: DangerNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """A supervisor confirms the grade of risk, or raises it, once there is a sign of danger, and after each later sign.

    The signs are a breach, reports close together, many reports of a case of standard risk, a risk lowered without an
    assessment, and another case of the same suspect.
    Source: no published duty; published reviews of killings found such signs that nobody held against the grade.
    Number: local standard, working days.
    """
    if beyond := beyond_guarded(facts):
        yield beyond
        return
    confirmed = facts.case.risk_ratified_on
    signs = danger_signs(facts, numbers, calendar)
    signs = [sign for sign in signs if confirmed is None or sign.on > confirmed] if signs else signs
    if signs:
        yield _owes(sorted(signs, key=lambda sign: sign.on), confirmed, numbers, calendar)
    else:
        yield _NO_SIGN if confirmed is None else _ALL_CONFIRMED._replace(on=confirmed)


def _owes(
    signs: Sequence[DangerSign], confirmed: date | None, numbers: DangerNumbers, calendar: WorkingCalendar
) -> Owes:
    days = {on: in_words(list(of_day)) for on, of_day in groupby(signs, key=lambda sign: sign.on)}
    first, latest = first_since(days, numbers.since), max(days)
    due = calendar.plus(first, numbers.within)
    because: tuple[Term, ...] = (Term("danger since", first, numbers.within, due, days[first]),)
    if latest > first:
        because = (*because, Term("again on", latest, None, latest, days[latest]))
    return Owes(
        CASE, OwedBy.POLICE, due, because, confirmed, parts=(_PART,), arose_on=first, done=_CONFIRMED, renewed_on=latest
    )


RULE = Rule(
    "danger",
    danger,
    "Signs of danger against the grade of risk",
    "A supervisor confirms the grade of risk (cases.csv: risk_ratified_on, or casebeat confirm-risk, its form, or a "
    "reply).",
    "Breaches, reports close together and a grade that does not fit them have come before killings.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.GUARDED,),
    recurring=True,
    confirmed=True,
    grace=Grace.NONE,
    parts={_PART: PartOwner.SUPERVISOR},
    also=(OCCURRED_ON, BREACH, RISK, SUSPECT_KEY, VICTIM_KEY, WHY_NOT_STALKING),
    side="police",
    answer=AnsweringFact((_CONFIRMED_ON,)),
)
