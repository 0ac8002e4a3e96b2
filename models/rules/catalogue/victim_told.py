from collections.abc import Iterable, Iterator
from datetime import date

from config.numbers import Within
from config.seen import SeenKind
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.case_row import CaseRow
from models.rules.catalogue.beginnings import first_since
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_guarded
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.row_facts import SeenChange
from models.rules.sight import SentColumn

_TOLD_ON = SentColumn("cases.csv", "victim_told_on")
_TOLD = "the victim was told"
_ALL_TOLD = OwesNothing(CASE, EndReason.MET, "nothing is recorded that the victim has still to be told of", said=_TOLD)


def victim_told(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police tell the victim of each arrest, release, bail, charge, decision and order; those of one day at once.

    Source: Victims' Code, right 6. Number: published, one working day for victims with enhanced rights, whom Casebeat
    takes every victim of stalking to be.
    """
    if beyond := beyond_guarded(facts):
        yield beyond
        return
    told = facts.case.victim_told_on
    untold = [(day, event) for day, event in news(facts) if told is None or day > told]
    if not untold:
        yield _ALL_TOLD._replace(on=told)
    elif why := facts.sight.blind(_TOLD_ON, facts.case.source_id, OwedBy.POLICE):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
    else:
        first = first_since((day for day, _ in untold), numbers.since)
        event = next(event for day, event in untold if day == first)
        due = calendar.plus(first, numbers.within)
        yield Owes(
            CASE, OwedBy.POLICE, due, (Term(event, first, numbers.within, due),), told, arose_on=first, done=_TOLD
        )


def news(facts: CaseFacts) -> Iterator[tuple[date, str]]:
    """Yield each day on which something happened that the victim is told of, with what it was."""
    suspects = facts.suspects
    for subject, alone in suspects:
        yield from _of_suspect(alone.case)
        yield from _extended(facts.seen_changes, subject)
    for charged in {facts.case.charged_on, *(alone.case.charged_on for _, alone in suspects)}:
        if charged is not None:
            yield charged, "suspect charged"
    for referral in facts.referrals:
        if referral.supplied and referral.decision_on is not None:
            yield referral.decision_on, "CPS decided a referral"
    for order in facts.orders:
        if order.supplied and order.made_on is not None:
            yield order.made_on, "order made"


def _of_suspect(row: CaseRow) -> Iterator[tuple[date, str]]:
    changed = row.status_changed_on if row.status_changed_on == row.status_on else row.status_seen_on
    if changed is not None:
        yield changed, "the status of the suspect changed"
    if row.bail_varied_on is not None:
        yield row.bail_varied_on, "conditions of bail varied"


def _extended(seen: Iterable[SeenChange], subject: str) -> Iterator[tuple[date, str]]:
    """Yield each day on which intake saw the end of a suspect's bail move to a later one."""
    for change in seen:
        of = CASE if change.suspect_ref is None else f"suspect:{change.suspect_ref}"
        if change.kind is SeenKind.BAIL_EXTENDED and of == subject:
            yield change.seen_on, "bail extended"


RULE = Rule(
    "victim-told",
    victim_told,
    "Victim told of what happened",
    "The day on which the victim was told is recorded, on the day of what happened or later (cases.csv: "
    "victim_told_on).",
    "A victim who does not know that the suspect is out, charged or bound by an order cannot keep safe.",
    duty=Authority.PUBLISHED,
    number=Authority.PUBLISHED,
    only_where=(Trait.GUARDED,),
    victim_first=True,
    recurring=True,
    needs=(_TOLD_ON,),
    also=(WHY_NOT_STALKING,),
    side="police",
    readers=VICTIM,
)
