"""One case on an agenda; pure functions of values."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from config.terms import OwedBy, Severity
from models.queries.obligations.obligation_views import NotificationView
from models.queries.reviews.agenda import AgendaCaseRow, AgendaSitting, LastAgenda, LastReviewRow
from models.rules.catalogue import plea, referral_checklist
from models.rules.catalogue.contents import CHAIRED, CONVENED, PROTOCOL_RULES
from models.rules.catalogue.no_progress import latest_progress
from models.rules.facts import CaseFacts
from models.rules.obligations.rulebook import RULES
from models.rules.obligations.severity import severity
from models.rules.pattern import KeyedCase
from models.rules.reviews import agenda_order
from models.rules.reviews.agenda_order import AgendaPosition, RankedObligation
from models.rules.reviews.agenda_question import Ask, LastDecision, question
from models.rules.reviews.pattern import pattern
from models.rules.reviews.stage import stage
from models.rules.reviews.whose_turn import whose_turn
from models.rules.whereabouts import defendant_lines, suspect_lines
from tasks.messages.agenda.contexts import AgendaCase, AgendaLine, GoneObligation, ProtectiveOrder
from tasks.messages.agenda.last_reviews import last_review
from tasks.messages.itemising import item
from tasks.pattern import in_groups
from tasks.platform.configuration import Configuration

EXPIRING = 28  # days, as in the ladder `order`
GAPS = frozenset(rule.name for rule in PROTOCOL_RULES if rule.per_case) - CHAIRED
_LATEST_FIRST = tuple(reversed(Severity))
_OWED = "owed"  # prefix of an obligation's key


class KnownCase(NamedTuple):
    """All data about a case on an agenda; `stood` is None if it was on no agenda before."""

    convened: AgendaCaseRow
    facts: CaseFacts
    owed: tuple[NotificationView, ...]
    recorded: LastReviewRow | None
    stood: LastAgenda | None
    near: Sequence[KeyedCase] = ()  # the cases with the same suspect or the same victim


def place(known: KnownCase, day: date) -> AgendaPosition:
    """Return the case's position by urgency."""
    found = ((view.matter, _late(view, day)) for view in known.owed)
    owed = [RankedObligation(matter.hard, matter.stalls, matter.due_on, late) for matter, late in found]
    return agenda_order.place(owed, known.convened.risk, known.convened.reference, day)


def on_agenda(
    configuration: Configuration, known: KnownCase, number: int, sitting: AgendaSitting, day: date
) -> AgendaCase:
    """Build the agenda's entry of a case as of a day, as number `number`, marking news since its last agenda."""
    convened, facts = known.convened, known.facts
    moved_on, moved_by = latest_progress(facts)
    reviewed_on = facts.latest_quorate
    first_at, last_at = minutes(convened, sitting)
    case = AgendaCase(
        number=number,
        starts_at=first_at,
        ends_at=last_at,
        told_on=day,
        reference=convened.reference,
        urn=convened.urn,
        risk=convened.risk,
        stage=stage(facts),
        urgency=place(known, day).urgency,
        because=convened.because,
        chosen=convened.chosen,
        review_due_on=convened.due_on,
        first=known.stood is None,
        came=sitting.earlier_on is not None and not (known.stood and known.stood.here),
        after=sitting.settled_on is not None and convened.convened_on > sitting.settled_on,
        news=frozenset(),
        gone=(),
        opened_on=facts.case.opened_on,
        reviewed_on=reviewed_on,
        reviewed=(day - (reviewed_on or facts.case.opened_on)).days,
        moved_on=moved_on,
        moved_by=moved_by,
        moved=(day - moved_on).days,
        **_owed(configuration, known, day, sitting),
        turns=whose_turn(facts, day),
        open_days=(day - facts.case.opened_on).days,
        pattern=pattern(facts, day),
        related=in_groups(known.near),
        suspects=suspect_lines(facts),
        defendants=defendant_lines(facts),
        orders=tuple(_orders(facts, day)),
        last=last_review(facts, known.recorded),
        ask=Ask.STAGE,
        asked=None,
    )
    case = _with_question(case, day, sitting.day)
    return _with_news(case, known.stood) if known.stood else case


def _with_question(case: AgendaCase, day: date, sits_on: date) -> AgendaCase:
    """Add what there is to decide. The joint review itself is no question: the meeting is its answer."""
    lines = [line for line in case.lines if line.item.rule not in CONVENED]
    items = [line.item for line in lines]
    owed = [RankedObligation(item.hard, item.stalls, item.due_on, item.severity) for item in items]
    last = LastDecision(case.last.decisions, case.last.referred_on is not None) if case.last else None
    ask, number = question(owed, last, day, sits_on)
    return replace(case, ask=ask, asked=None if number is None else lines[number])


def minutes(convened: AgendaCaseRow, sitting: AgendaSitting) -> tuple[datetime, datetime]:
    """Return when the case's minutes begin and end: those of its slot in the sitting."""
    each = timedelta(minutes=sitting.minutes_per_case)
    return sitting.starts_at + convened.slot * each, sitting.starts_at + (convened.slot + 1) * each


def keys(case: AgendaCase) -> list[str]:
    """Return keys of the entry's content, which change with the content and not with the day."""
    found = [
        f"risk:{case.risk}",
        f"stage:{case.stage}",
        f"turn:{case.turns.now or 'nobody'}",
        f"incidents:{case.pattern.incidents}",
        f"reviewed:{case.reviewed_on}",
        f"moved:{case.moved_on}",
        *(line.key for line in case.lines),
        *(one.key for one in case.suspects),
        *(one.key for one in case.defendants),
        *(order.key for order in case.orders),
        *(key for cases in case.related for key in cases.keys),
    ]
    if case.last:
        found += [case.last.key, *(action.key for action in case.last.actions)]
    return sorted(found)


def _with_news(case: AgendaCase, stood: LastAgenda) -> AgendaCase:
    now = frozenset(keys(case))
    before, still = ({_identity(key) for key in each if key.startswith(f"{_OWED}|")} for each in (stood.keys, now))
    gone = tuple(
        GoneObligation(title=RULES[rule].title if rule in RULES else rule, subject=subject.partition(":")[2])
        for rule, subject in sorted(before - still)
    )
    later = {line.key for line in case.later if _identity(line.key) in before}  # done, and owed again some day
    return replace(case, news=now - stood.keys - later, gone=gone)


def _identity(key: str) -> tuple[str, str]:
    """Return the rule and subject in an obligation's key."""
    _, rule, _, _, subject = key.split("|", 4)
    return rule, subject


def _late(view: NotificationView, day: date) -> Severity:
    return severity(view.matter.due_on, view.matter.remind_on, view.matter.escalate_on, day)


def _owed(configuration: Configuration, known: KnownCase, day: date, sitting: AgendaSitting) -> dict[str, Any]:
    """Return each obligation once under its heading, the latest first, without this sitting's own outcome."""
    found: dict[str, list[AgendaLine]] = {name: [] for name in ("clocks", "both", "police", "cps", "gaps", "later")}
    owed = (view for view in known.owed if view.matter.subject != f"sitting:{sitting.ref}")
    for view in sorted(owed, key=lambda one: (_LATEST_FIRST.index(_late(one, day)), one.matter.due_on)):
        if heading := _heading(view, _late(view, day)):
            matter = view.matter
            missing = tuple(_missing(known.facts, matter.rule, matter.subject.partition(":")[2]))
            found[heading].append(
                AgendaLine(
                    item=item(configuration, view, None, day),
                    key=f"{_OWED}|{matter.rule}|{matter.due_on}|{' '.join(missing)}|{matter.subject}",
                    too_late=matter.hard and day <= matter.due_on < sitting.day,
                    missing=missing,
                )
            )
    return {name: tuple(lines) for name, lines in found.items()}


def _heading(view: NotificationView, late: Severity) -> str:
    """Return an obligation's heading; none for a distant expiry of an order, which the order itself shows."""
    matter, far_off = view.matter, late is Severity.NOT_DUE_YET
    if matter.rule in GAPS:
        if not far_off or not (matter.hard or RULES[matter.rule].recurring):
            return "gaps"
        return "" if matter.hard else "later"
    if matter.hard:
        return "clocks"
    if far_off:
        return "later"
    return matter.owed_by.value if matter.owed_by is not OwedBy.OPERATIONS else "both"


def _missing(facts: CaseFacts, rule: str, ref: str) -> Iterator[str]:
    """Yield the missing items of a referral's checklist, or the missing steps of a plea."""
    if rule == referral_checklist.RULE.name:
        yield from (code for referral in facts.referrals if referral.ref == ref for code in referral.checklist_missing)
    for one in facts.pleas if rule == plea.RULE.name else ():
        if one.ref == ref:
            days = {
                "victim_consulted": one.victim_consulted_on,
                "rationale_recorded": one.rationale_recorded_on,
                "spoc_reviewed": one.spoc_reviewed_on,
            }
            yield from (name for name, on in days.items() if on is None)


def _orders(facts: CaseFacts, day: date) -> Iterator[ProtectiveOrder]:
    """Yield the orders in force on a day, the first to expire first."""
    for order in sorted(facts.orders, key=lambda order: (order.expires_on or date.max, order.ref)):
        if (
            order.supplied
            and order.made_on
            and order.made_on <= day
            and (order.expires_on is None or day <= order.expires_on)
        ):
            days = (order.expires_on - day).days if order.expires_on else None
            yield ProtectiveOrder(
                ref=order.ref,
                kind=order.kind,
                made_on=order.made_on,
                expires_on=order.expires_on,
                days=days,
                expiring=days is not None and days <= EXPIRING,
                key=f"order|{order.ref}|{order.expires_on}",
            )
