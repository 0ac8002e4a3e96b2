"""Items of messages: one obligation for one reader, their order, groups and counts; pure functions of values."""

import shlex
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from config.terms import Classification, EndReason, Happening, Manner, Severity
from models.queries.obligations.dangers import DangerRow
from models.queries.obligations.obligation_views import NotificationView, ObligationView, Reader
from models.rules import arithmetic
from models.rules.catalogue.contents import CONVENED
from models.rules.obligations import first_day
from models.rules.obligations.ending import Ending
from models.rules.obligations.relevance import ObligationState
from models.rules.obligations.rulebook import RULES
from models.rules.obligations.severity import severity
from models.rules.obligations.sitting_pause import silence
from tasks.messages import reply_links
from tasks.messages.contexts import (
    ItemGroup,
    ItemPromise,
    ItemSitting,
    ObligationItem,
    SituationCounts,
    TriedStep,
)
from tasks.messages.ladders import following_step, of_force
from tasks.messages.offers import NO_OFFER, Offer
from tasks.messages.owers import owers
from tasks.obligations import dangers
from tasks.obligations.dangers import Danger
from tasks.platform.configuration import Configuration
from tasks.platform.text import one_line

GROUPS = ("hard", "critical", "overdue", "soon", "resolved")
_DAY = timedelta(days=1)


def reference(matter: ObligationView) -> str:
    """Return the reference in a message: force and case reference, or the subject if there is no case."""
    if matter.case_ref is None:
        return one_line(matter.subject.replace(":", " ", 1))
    return one_line(f"{matter.force_code}/{matter.case_ref}")


def stands(
    configuration: Configuration, matter: ObligationView, ended: EndReason | None, today: date
) -> ObligationState:
    """Return the state that decides whether an earlier notification about it is still relevant."""
    quiet = silence(configuration.convened(matter.sits_on, matter.force_code), matter.due_on, today)
    return ObligationState(ended, matter.hard, matter.last_step, matter.acknowledged_until, quiet)


def item(
    configuration: Configuration,
    view: NotificationView,
    reader: Reader | None,
    today: date,
    offer: Offer = NO_OFFER,
    *,
    news: bool = True,
) -> ObligationItem:
    """Build everything a message shows of one obligation. `news` is false if it is only part of a standing."""
    matter, resolved = view.matter, view.happening is Happening.RESOLVED
    late = severity(matter.due_on, matter.remind_on, matter.escalate_on, today)
    calendar = configuration.calendar
    do_by = calendar.last_working(matter.due_on)
    return ObligationItem(
        reference=reference(matter),
        urn=matter.urn,
        risk=matter.risk if matter.case_ref is not None else None,
        rule=matter.rule,
        title=RULES[matter.rule].title,
        subject=_subject(matter),
        kind=one_line(matter.kind or ""),
        parts=tuple(map(one_line, matter.parts)),
        owers=owers(matter, configuration.panels.spocs, today),
        happening=_happening(view, news=news),
        severity=late,
        hard=matter.hard,
        stalls=matter.stalls,
        due_on=matter.due_on,
        days=(today - matter.due_on).days,
        do_by=do_by,
        working_days=calendar.working_days(today, do_by),
        since=_since(matter, late),
        owed_by=matter.owed_by,
        duty=RULES[matter.rule].duty,
        number=RULES[matter.rule].number,
        step=_step(configuration, view) if news else "",
        at_once=news and _manner(configuration, view) is Manner.AT_ONCE,
        tried=_tried(configuration, view, today),
        moved=matter.moved,
        following=None if resolved else following_step(configuration, matter, today),
        ends_when=RULES[matter.rule].ends_in_words(matter.subject),
        addressee=view.addressee,
        note=_note(view.note) if news else "",  # of that day alone
        calculated_from=_sum(configuration, matter)
        if matter.hard or matter.case_ref is None
        else "",  # others: only in explain
        promise=_promise(matter),
        ended=_ending(matter) if resolved else None,
        told_on=view.first_told_on,
        command="" if resolved else _command(matter, reader, offer.until),
        of_case=matter.case_ref is not None,
        obligation_id=matter.obligation_id if matter.case_ref is not None else 0,
        reply=None if resolved else reply_links.for_item(configuration, view, reader, today, offer),
        news=news,
        sits=None if resolved or matter.rule not in CONVENED else _sits(matter, today),
        inherited_at=None if resolved else first_day.inherited(configuration.policy, of_force(matter)),
        danger=None if resolved or matter.danger is None else _danger(matter, matter.danger, today),
        confirms=not resolved and offer.confirm,
        raise_it="" if resolved or matter.danger is None else reply_links.for_grade(matter, reader, today),
        presumed=None if resolved else _presumed(configuration, matter),
        new_on=None if resolved else first_day.new(configuration.policy, of_force(matter)),
    )


def _presumed(configuration: Configuration, matter: ObligationView) -> Classification | None:
    watched = configuration.presumes(matter.force_code, matter.presumed)
    return matter.presumed if watched else None


def _danger(matter: ObligationView, row: DangerRow, today: date) -> Danger:
    because = arithmetic.from_json(matter.because)
    return dangers.of(row, because, matter.people or {}, today)


def _happening(view: NotificationView, *, news: bool) -> Happening:
    """Return the happening for its reader: nothing comes to somebody who had it already."""
    if view.happening is Happening.OPENED:
        return view.happening if news else Happening.STEP
    came = view.happening is not Happening.HANDED_OVER or (news and view.first_told_on >= view.day)
    return view.happening if came else Happening.STEP


def _ending(matter: ObligationView) -> Ending | None:
    if matter.end_reason is None or matter.ended_on is None:
        return None
    return Ending(
        reason=matter.end_reason, ended_on=matter.ended_on, fact=one_line(matter.fact), fact_on=matter.fact_on,
        extract_on=matter.extract_on, lost=matter.lost,
    )  # fmt: skip


def _step(configuration: Configuration, view: NotificationView) -> str:
    names = _ladder(configuration, view.matter)
    return names[view.step - 1] if 0 < view.step <= len(names) else ""


def _manner(configuration: Configuration, view: NotificationView) -> Manner | None:
    steps = configuration.policy.ladder_of(view.matter.rule, view.matter.numbers_of)
    return steps[view.step - 1].manner.of(view.matter.risk) if 0 < view.step <= len(steps) else None


def _sits(matter: ObligationView, today: date) -> ItemSitting:
    """Return a joint review's sitting, or the day up to which the planned sittings are full."""
    last = matter.last_sitting_on
    full_to = last if last and last > today else None
    return ItemSitting(ref=one_line(matter.sitting_ref or ""), at=matter.sits_at, full_to=full_to)


def _subject(matter: ObligationView) -> str:
    return one_line(matter.subject.partition(":")[2]) if matter.case_ref is not None else ""


def _since(matter: ObligationView, late: Severity) -> date:
    if late is Severity.CRITICALLY_OVERDUE:
        return max(matter.escalate_on, matter.due_on + _DAY)
    return matter.due_on + _DAY if late is Severity.OVERDUE else matter.due_on


def _ladder(configuration: Configuration, matter: ObligationView) -> Sequence[str]:
    return [step.step for step in configuration.policy.ladder_of(matter.rule, matter.numbers_of)]


def _tried(configuration: Configuration, view: NotificationView, today: date) -> tuple[TriedStep, ...]:
    """Return the steps taken before this message: earlier steps, and this one if it is repeated."""
    steps = zip(_ladder(configuration, view.matter), view.matter.taken_on, strict=False)
    return tuple(
        TriedStep(step=name, on=on) for at, (name, on) in enumerate(steps, 1) if on and (at < view.step or on < today)
    )


def _note(note: str) -> str:
    """Return why this person is addressed, without the reason that the message itself gives."""
    return "; ".join(part for part in note.split("; ") if part and part != "promise lapsed")


def _sum(configuration: Configuration, matter: ObligationView) -> str:
    sentence = arithmetic.sentence(arithmetic.from_json(matter.because), configuration.calendar)
    return f"{sentence}; {matter.note}" if matter.note else sentence


def _promise(matter: ObligationView) -> ItemPromise | None:
    if matter.promised_until is None or matter.promise_end == "renewed":
        return None
    return ItemPromise(until_on=matter.promised_until, role=matter.promised_role, end=matter.promise_end)


def _command(matter: ObligationView, reader: Reader | None, until: date | None) -> str:
    if matter.case_ref is None or reader is None or matter.acknowledged_until is not None or until is None:
        return ""
    rule = matter.rule if matter.subject == "case" else f"{matter.rule}/{one_line(matter.subject)}"
    command = ["casebeat", "acknowledge", reference(matter), rule, "--by", reader.ref, "--until", until.isoformat()]
    return f'{shlex.join(command)} --reason "..."'


def ordered(items: Iterable[ObligationItem]) -> list[ObligationItem]:
    """Sort items, worst first: hard clocks by their last day, then by lateness, then ended ones."""
    return sorted(items, key=lambda each: (GROUPS.index(each.group), each.due_on, each.reference, each.rule))


def grouped(shown: Sequence[ObligationItem], everything: Sequence[ObligationItem]) -> tuple[ItemGroup, ...]:
    """Group ordered items by severity, each group with its total count, shown or not."""
    found = (
        (
            name,
            tuple(entry for entry in shown if entry.group == name),
            sum(entry.group == name for entry in everything),
        )
        for name in GROUPS
    )
    return tuple(ItemGroup(name=name, items=those, count=count) for name, those, count in found if count)


def situation(obligations: Iterable[ObligationView], restricted: int, today: date) -> SituationCounts:
    """Count a reader's whole situation from these obligations, each live one once."""
    live = {matter.obligation_id: matter for matter in obligations if matter.ended_on is None}.values()
    late = [
        (obligation, severity(obligation.due_on, obligation.remind_on, obligation.escalate_on, today))
        for obligation in live
    ]
    clocks = [(today - obligation.due_on).days for obligation in live if obligation.hard]
    others = [lateness for obligation, lateness in late if not obligation.hard and not _stalls(obligation, lateness)]
    return SituationCounts(
        stalled=len({reference(obligation) for obligation, lateness in late if _stalls(obligation, lateness)}),
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
