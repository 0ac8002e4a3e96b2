"""Climbing: each live obligation whose next day has come takes the step it has reached, once, with notifications."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from config.ladders import Step
from config.message_kinds import MessageKind
from config.terms import Duty, Happening, StepOutcome
from models.queries.obligations import ladders
from models.queries.obligations.ladders import (
    ClimbDecision,
    DueObligation,
    LadderChange,
    NewNotification,
    NotifiedContacts,
    StepClaim,
)
from models.rules.obligations.first_day import steps_on
from models.rules.obligations.ladder import Climb, Rung, climb, may_take, with_step
from models.rules.people.addressing import Recipient, address, through
from models.rules.people.directory import Directory
from models.rules.people.leading import may_read
from tasks.obligations.starting import Begun, Starting
from tasks.platform import diagnosis
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.platform.gc_pause import gc_paused
from tasks.platform.text import number_of
from tasks.servers.database import transaction

FIRST_DAY = "first day"  # the occasion of a step of which some hear on their force's first day, after others
_NOBODY = NotifiedContacts()


class _Heard(NamedTuple):
    """Who was notified of the present step, and whether others hear of it only now, on their force's first day."""

    notified: NotifiedContacts
    first_day: bool


class ClimbCounts(NamedTuple):
    """Counts of one force's climb for one duty: steps taken and notifications written."""

    force_code: str | None
    taken: int
    said: int
    passed_over: tuple[int, ...] = ()  # ids of obligations that could not be climbed; 0 for an unreadable id

    @property
    def sentence(self) -> str:
        """The counts as a line of text."""
        whose = f"force {self.force_code}" if self.force_code else "the book as a whole"
        over = f", {number_of(len(self.passed_over), 'obligation')} passed over" if self.passed_over else ""
        return f"{whose}: {number_of(self.taken, 'step')} taken, {number_of(self.said, 'notification')}{over}"


def climb_force(
    configuration: Configuration, force_code: str | None, today: date, duty: Duty, only: Collection[int] | None = None
) -> ClimbCounts:
    """Take every reached step of one duty for a force's obligations (None: those of no case), in one transaction.

    With `only`, no others are climbed than those of these ids.
    """
    with gc_paused(), transaction() as connection:
        found, broken = ladders.due(connection, force_code, today, only)
        if not found:
            return ClimbCounts(force_code, 0, 0, tuple(broken))
        people = directory_on(configuration, connection, today, {obligation.matter for obligation in found})
        notified = ladders.notified_at_present_step(
            connection, [obligation.id for obligation in found if obligation.last_step]
        )
        decided, starting = ClimbDecision([], [], [], []), Starting(configuration, connection, force_code, today)
        for obligation in found:
            try:
                decide(
                    configuration,
                    obligation,
                    starting.of(obligation),
                    today,
                    duty,
                    people,
                    notified.get(obligation.id, _NOBODY),
                    decided,
                )
            except Exception as error:  # noqa: BLE001  any error fails only this obligation
                diagnosis.reason(error)
                broken.append(obligation.id)
                decided = ladders.without(decided, obligation.id)
        taken, said = ladders.write(connection, decided, today, configuration.settings.routes_of(MessageKind.LETTER))
    return ClimbCounts(force_code, taken, said, tuple(broken))


def decide(
    configuration: Configuration,
    obligation: DueObligation,
    begun: Begun,
    today: date,
    duty: Duty,
    people: Directory,
    notified: NotifiedContacts,
    decided: ClimbDecision,
) -> None:
    """Add to `decided` the step that an obligation has reached today, or that it stays, where it is of the duty."""
    force_code = obligation.matter.numbers_of
    steps = steps_on(configuration.policy.ladder_of(obligation.rule, force_code), begun.start, today)
    rung = Rung(
        obligation.remind_on, obligation.due_on, obligation.escalate_on, obligation.risk, obligation.hard,
        obligation.last_step, obligation.taken_on, obligation.promised_until,
        configuration.convened(obligation.sits_on, force_code), begun.start,
    )  # fmt: skip
    made = climb(steps, rung, today, configuration.calendar)
    if begun.wakes_on:
        made = made._replace(next_on=min(made.next_on or begun.wakes_on, begun.wakes_on))
    obligation = obligation._replace(matter=begun.concerned)
    present = made.take or made.repeat or made.silent or obligation.last_step
    if present and steps[present - 1].duty is not duty:
        return
    if not present and duty is not Duty.CHASE:
        return
    if made.take:
        _take(obligation, made, steps, today, people, decided)
    else:
        heard = _Heard(notified, begun.first_look)
        _stay(configuration, obligation, made, steps, today, people, heard, decided)


def _take(
    obligation: DueObligation,
    made: Climb,
    steps: Sequence[Step],
    today: date,
    people: Directory,
    decided: ClimbDecision,
) -> None:
    step = steps[made.take - 1]
    decided.steps.extend(
        StepClaim(obligation.id, at, steps[at - 1].step, StepOutcome.SUPERSEDED, step.step) for at in made.superseded
    )
    reason = "promise lapsed" if made.lapsed else ""
    decided.steps.append(StepClaim(obligation.id, made.take, step.step, StepOutcome.TAKEN, reason))
    told = address(step.to, obligation.matter, people, all_spocs=step.all_spocs)
    decided.said.extend(
        _notification(obligation, Happening.STEP, made.take, step, "", person, reason) for person in told
    )
    addressed, by = _answering(obligation, step, people)
    taken_on = with_step(obligation.taken_on, made.take, today)
    decided.moved.append(LadderChange(obligation.id, made.take, taken_on, made.next_on, _refs(addressed), by))
    if made.lapsed and obligation.promise_id:
        decided.lapsed.append(obligation.promise_id)


def _stay(
    configuration: Configuration,
    obligation: DueObligation,
    made: Climb,
    steps: Sequence[Step],
    today: date,
    people: Directory,
    heard: _Heard,
    decided: ClimbDecision,
) -> None:
    """Handle an obligation that takes no step: record a silence, report a lapsed promise, or tell a newcomer."""
    addressed, waits = obligation.addressed, made.waits
    answering, by = (
        _answering(obligation, steps[obligation.last_step - 1], people) if obligation.last_step else ([], ())
    )
    if made.silent:
        name = steps[made.silent - 1].step
        decided.steps.append(StepClaim(obligation.id, made.silent, name, StepOutcome.SILENT, made.because))
    if made.repeat:
        step = steps[made.repeat - 1]
        occasion = f"promise:{obligation.promise_id}"
        decided.said.extend(
            _notification(obligation, Happening.LAPSED, made.repeat, step, occasion, who, "promise lapsed")
            for who in address(step.to, obligation.matter, people, all_spocs=step.all_spocs)
        )
        addressed = tuple(sorted({*addressed, *_refs(answering)}))
    elif obligation.last_step and not made.waits:
        step = steps[obligation.last_step - 1]
        new = _newly_notified(obligation, step, answering, today, people, heard)
        if new and not may_take(step, today, configuration.calendar):
            waits = True
        else:
            addressed += tuple(ref for ref in _refs(new) if ref not in addressed)
            decided.said.extend(new)
    if made.lapsed and obligation.promise_id:
        decided.lapsed.append(obligation.promise_id)
    next_on = obligation.next_step_on if waits else made.next_on
    decided.moved.append(LadderChange(obligation.id, obligation.last_step, obligation.taken_on, next_on, addressed, by))


def _newly_notified(
    obligation: DueObligation,
    step: Step,
    answering: Sequence[Recipient],
    today: date,
    people: Directory,
    heard: _Heard,
) -> list[NewNotification]:
    """Notify newcomers of the present step, and whoever may read it now and could not when they were notified."""
    came = (Happening.STEP, FIRST_DAY) if heard.first_day else (Happening.HANDED_OVER, "handed over")
    opened = (Happening.OPENED, f"opened {today.isoformat()}")
    new = []
    for who in answering:
        if who.contact_ref in heard.notified.withheld:
            why = opened if may_read(who.contact_ref, obligation.matter, people) else None
        else:
            known = who.contact_ref in heard.notified.everyone or (who.contact_ref or "") in obligation.addressed
            why = None if known else came
        if why:
            new.append(_notification(obligation, why[0], obligation.last_step, step, why[1], who, who.note))
    return new


def _answering(obligation: DueObligation, step: Step, people: Directory) -> tuple[list[Recipient], tuple[str, ...]]:
    """Return those whose newcomers get a step too, and all on whom it depends who they are."""
    return (
        address(step.handed_over, obligation.matter, people, all_spocs=step.all_spocs),
        tuple(sorted(through(step.handed_over, obligation.matter, people, all_spocs=step.all_spocs))),
    )


def _notification(
    obligation: DueObligation, happening: Happening, at: int, step: Step, occasion: str, who: Recipient, reason: str
) -> NewNotification:
    note = "; ".join(part for part in (reason if reason != who.note else "", who.note) if part)
    manner = step.manner.of(obligation.risk)
    return NewNotification(
        obligation.id,
        happening,
        at,
        step.step,
        occasion,
        step.duty,
        manner,
        who.addressee,
        who.contact_ref,
        note,
    )


def _refs(recipients: Sequence[Recipient | NewNotification]) -> tuple[str, ...]:
    """Return the contact references to store with an obligation; an empty reference means operations."""
    return tuple(who.contact_ref or "" for who in recipients)
