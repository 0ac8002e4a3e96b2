"""One obligation as a reader is told of it, and many in their order: values in, values out."""

import shlex
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from config.duration import Duration, Unit
from config.terms import EndReason, Happening, Severity
from models.queries.obligations.obligation_views import NotificationView, ObligationView, Reader
from models.rules import arithmetic
from models.rules.obligations.ladder import Rung, step_days
from models.rules.obligations.relevance import ObligationState
from models.rules.obligations.rulebook import RULES
from models.rules.obligations.severity import severity
from models.rules.obligations.sitting_pause import JOINT_REVIEW, silence
from tasks.messages import mailtos
from tasks.messages.contexts import (
    FollowingStep,
    ItemGroup,
    ItemPromise,
    ItemSitting,
    ObligationItem,
    SituationCounts,
    TriedStep,
)
from tasks.platform import configuration
from tasks.platform.text import one_line

GROUPS = ("hard", "critical", "overdue", "soon", "resolved")
_DAY = timedelta(days=1)


def reference(matter: ObligationView) -> str:
    """How a message names what it is about: force and case reference, or the subject where there is no case."""
    if matter.case_ref is None:
        return one_line(matter.subject.replace(":", " ", 1))
    return one_line(f"{matter.force_code}/{matter.case_ref}")


def stands(matter: ObligationView, ended: EndReason | None, today: date) -> ObligationState:
    """What decides whether something decided about it earlier is still to be said."""
    quiet = silence(configuration.convened(matter.sits_on, matter.force_code), matter.due_on, today)
    return ObligationState(ended, matter.hard, matter.last_step, matter.acknowledged_until, quiet)


def item(told: NotificationView, reader: Reader | None, today: date, *, news: bool = True) -> ObligationItem:
    """Everything a message says of one obligation; `news` no where it is only part of a standing."""
    matter, resolved = told.matter, told.happening is Happening.RESOLVED
    late = severity(matter.due_on, matter.remind_on, matter.escalate_on, today)
    return ObligationItem(
        reference=reference(matter),
        urn=matter.urn,
        rule=matter.rule,
        title=RULES[matter.rule].title,
        subject=_subject(matter),
        happening=told.happening,
        severity=late,
        hard=matter.hard,
        due_on=matter.due_on,
        days=(today - matter.due_on).days,
        since=_since(matter, late),
        owed_by=matter.owed_by,
        basis=configuration.policy().for_force(matter.numbers_of).of(matter.rule).basis,
        tried=_tried(told, today),
        moved=matter.moved,
        following=None if resolved else _following(matter),
        ends_when=RULES[matter.rule].ends(matter.subject),
        addressee=told.addressee,
        note=_note(told.note),
        calculated_from=_sum(matter) if matter.hard or matter.case_ref is None else "",  # a case's other sums: explain
        promise=_promise(matter),
        ended=matter.end_reason if resolved else None,
        ended_on=matter.ended_on,
        told_on=told.first_told_on,
        command="" if resolved else _command(matter, reader, today),
        of_case=matter.case_ref is not None,
        obligation_id=matter.obligation_id if matter.case_ref is not None else 0,
        reply=None if resolved else mailtos.for_item(told, reader, today, _latest(matter, today)),
        news=news,
        sits=None if resolved or matter.rule != JOINT_REVIEW else _sits(matter, today),
    )


def _sits(matter: ObligationView, today: date) -> ItemSitting:
    """Which sitting a joint review has; else up to which day the planned ones have no room, if any is planned."""
    last = matter.last_sitting_on
    full_to = last if last and last > today else None
    return ItemSitting(ref=one_line(matter.sitting_ref or ""), at=matter.sits_at, full_to=full_to)


def _subject(matter: ObligationView) -> str:
    return one_line(matter.subject.partition(":")[2]) if matter.case_ref is not None else ""


def _since(matter: ObligationView, late: Severity) -> date:
    if late is Severity.CRITICALLY_OVERDUE:
        return max(matter.escalate_on, matter.due_on + _DAY)
    return matter.due_on + _DAY if late is Severity.OVERDUE else matter.due_on


def _ladder(matter: ObligationView) -> Sequence[str]:
    return [step.step for step in configuration.policy().ladder_of(matter.rule, matter.numbers_of)]


def _tried(told: NotificationView, today: date) -> tuple[TriedStep, ...]:
    """The steps that were taken before this message: earlier ones, and this one where it is said again."""
    steps = zip(_ladder(told.matter), told.matter.taken_on, strict=False)
    return tuple(
        TriedStep(step=name, on=on) for at, (name, on) in enumerate(steps, 1) if on and (at < told.step or on < today)
    )


def _following(matter: ObligationView) -> FollowingStep | None:
    steps = configuration.policy().ladder_of(matter.rule, matter.numbers_of)
    rung = Rung(
        matter.remind_on, matter.due_on, matter.escalate_on, matter.risk, matter.hard, matter.last_step, matter.taken_on
    )
    days = step_days(steps, rung, configuration.calendar())
    coming = [(on, step) for on, step in zip(days, steps, strict=True)][matter.last_step :]
    asleep = matter.acknowledged_until if not matter.hard else None
    for on, step in coming:
        if on is not None:
            return FollowingStep(step=step.step, on=max(on, asleep + _DAY) if asleep else on, to=step.to)
    return None


def _note(note: str) -> str:
    """Why this person, without the reason that the message itself says."""
    return "; ".join(part for part in note.split("; ") if part and part != "promise lapsed")


def _sum(matter: ObligationView) -> str:
    sentence = arithmetic.sentence(arithmetic.from_json(matter.because), configuration.calendar())
    return f"{sentence}; {matter.note}" if matter.note else sentence


def _promise(matter: ObligationView) -> ItemPromise | None:
    if matter.promised_until is None or matter.promise_end == "renewed":
        return None
    return ItemPromise(until_on=matter.promised_until, role=matter.promised_role, end=matter.promise_end)


def _command(matter: ObligationView, reader: Reader | None, today: date) -> str:
    if matter.case_ref is None or reader is None or matter.acknowledged_until is not None:
        return ""
    until = _latest(matter, today)
    rule = matter.rule if matter.subject == "case" else f"{matter.rule}/{one_line(matter.subject)}"
    words = ["casebeat", "acknowledge", reference(matter), rule, "--by", reader.ref, "--until", until.isoformat()]
    return f'{shlex.join(words)} --reason "..."'


def _latest(matter: ObligationView, today: date) -> date:
    """The longest promise that is allowed, and useful: of a clock still running, to its last working day."""
    calendar = configuration.calendar()
    longest = calendar.plus(today, configuration.policy().acknowledge.longest.of(matter.risk))
    if not matter.hard or matter.due_on < today:
        return longest
    last = matter.due_on
    while not calendar.is_working(last):
        last -= _DAY
    return min(longest, max(last, calendar.plus(today, Duration(1, Unit.WORKING_DAYS))))


def ordered(items: Iterable[ObligationItem]) -> list[ObligationItem]:
    """Worst first: hard clocks by the day they end, then by lateness; what has ended last."""
    return sorted(items, key=lambda each: (GROUPS.index(each.group), each.due_on, each.reference, each.rule))


def grouped(shown: Sequence[ObligationItem], everything: Sequence[ObligationItem]) -> tuple[ItemGroup, ...]:
    """Ordered items under their headings, each with how many there are, shown or not."""
    found = (
        (name, tuple(each for each in shown if each.group == name), sum(each.group == name for each in everything))
        for name in GROUPS
    )
    return tuple(ItemGroup(name=name, items=those, count=count) for name, those, count in found if count)


def situation(found: Iterable[ObligationView], restricted: int, today: date) -> SituationCounts:
    """The whole situation of a reader who is owed these by, or owes them: each live matter counted once."""
    live = {matter.obligation_id: matter for matter in found if matter.ended_on is None}.values()
    late = [(one, severity(one.due_on, one.remind_on, one.escalate_on, today)) for one in live]
    clocks = [(today - one.due_on).days for one in live if one.hard]
    others = [lateness for one, lateness in late if not one.hard and not _stalls(one, lateness)]
    return SituationCounts(
        stalled=len({reference(one) for one, lateness in late if _stalls(one, lateness)}),
        passed=sum(days > 0 for days in clocks),
        within_7_days=sum(-7 <= days <= 0 for days in clocks),
        later_clocks=sum(days < -7 for days in clocks),
        critical=others.count(Severity.CRITICALLY_OVERDUE),
        overdue=others.count(Severity.OVERDUE),
        soon=others.count(Severity.DUE_SOON) + others.count(Severity.NOT_DUE_YET),
        restricted=restricted,
    )


def _stalls(matter: ObligationView, lateness: Severity) -> bool:
    return matter.stalls and lateness is Severity.CRITICALLY_OVERDUE
