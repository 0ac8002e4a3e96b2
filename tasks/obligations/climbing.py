"""Climbing: each live obligation whose day has come takes the step it has reached, once, and what is said is kept."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from config.policy import Step
from config.settings import settings
from config.terms import Addressee, Duty, Happening, MessageKind, StepOutcome
from models.queries.obligations import ladders
from models.queries.obligations.ladders import ClimbDecision, DueObligation, LadderChange, NewNotification, StepClaim
from models.queries.people import contacts
from models.rules.obligations.ladder import Climb, Rung, climb, with_step
from models.rules.people.addressing import Directory, Recipient, address, owners
from tasks.platform import configuration
from tasks.platform.database import transaction
from tasks.platform.gc_pause import gc_paused


class ClimbCounts(NamedTuple):
    """What one force's climb did for one duty."""

    force_code: str | None
    taken: int
    said: int
    passed_over: tuple[int, ...] = ()  # the ids of obligations that could not be climbed; 0 where it cannot be read


def climb_force(force_code: str | None, today: date, duty: Duty) -> ClimbCounts:
    """Take every step of this duty that a force's obligations have reached (None: those of no case), as one commit."""
    with gc_paused(), transaction() as connection:
        found, broken = ladders.due(connection, force_code, today)
        if not found:
            return ClimbCounts(force_code, 0, 0, tuple(broken))
        directory = Directory(contacts.on_duty(connection, today, {one.matter for one in found}))
        told = ladders.told_at_present_step(connection, [one.id for one in found if one.last_step])
        sheet = ClimbDecision([], [], [], [])
        for one in found:
            try:
                _decide(one, today, duty, directory, told.get(one.id, set()), sheet)
            except Exception:  # noqa: BLE001  whatever it is, it is this obligation's alone
                broken.append(one.id)
                sheet = ladders.without(sheet, one.id)
        taken, said = ladders.write(connection, sheet, today, settings().routes_of(MessageKind.DIGEST))
    return ClimbCounts(force_code, taken, said, tuple(broken))


def _decide(
    one: DueObligation, today: date, duty: Duty, directory: Directory, told: set[str | None], sheet: ClimbDecision
) -> None:
    steps = configuration.policy().ladder_of(one.rule, one.matter.numbers_of)
    rung = Rung(
        one.remind_on, one.due_on, one.escalate_on, one.risk, one.hard, one.last_step, one.taken_on, one.promised_until,
        configuration.convened(one.sits_on, one.matter.numbers_of),
    )  # fmt: skip
    made = climb(steps, rung, today, configuration.calendar())
    present = made.take or made.repeat or made.silent or one.last_step
    if present and steps[present - 1].duty is not duty:
        return
    if not present and duty is not Duty.CHASE:
        return
    if made.take:
        _take(one, made, steps, today, directory, sheet)
    else:
        _stay(one, made, steps, today, directory, told, sheet)


def _take(
    one: DueObligation, made: Climb, steps: Sequence[Step], today: date, directory: Directory, sheet: ClimbDecision
) -> None:
    step = steps[made.take - 1]
    sheet.steps.extend(
        StepClaim(one.id, at, steps[at - 1].step, StepOutcome.SUPERSEDED, step.step) for at in made.superseded
    )
    reason = "promise lapsed" if made.lapsed else ""
    sheet.steps.append(StepClaim(one.id, made.take, step.step, StepOutcome.TAKEN, reason))
    told = address(step.to, one.matter, directory)
    sheet.said.extend(_said(one, Happening.STEP, made.take, step, "", person, reason) for person in told)
    standing, direct = owners(one.matter, directory) if Addressee.OWNER in step.to else ([], True)
    sheet.moved.append(
        LadderChange(
            one.id, made.take, with_step(one.taken_on, made.take, today), made.next_on, _refs(standing), direct
        )
    )
    if made.lapsed and one.promise_id:
        sheet.lapsed.append(one.promise_id)


def _stay(
    one: DueObligation,
    made: Climb,
    steps: Sequence[Step],
    today: date,
    directory: Directory,
    told: set[str | None],
    sheet: ClimbDecision,
) -> None:
    """No step is taken: a silence is recorded, a lapsed promise named, a newcomer told; or nothing."""
    owner_told, direct, waits = one.owner_told, one.owner_direct, made.waits
    if made.silent:
        name = steps[made.silent - 1].step
        sheet.steps.append(StepClaim(one.id, made.silent, name, StepOutcome.SILENT, made.because))
    if made.repeat:
        step = steps[made.repeat - 1]
        told_again = address(step.to, one.matter, directory)
        occasion = f"promise:{one.promise_id}"
        sheet.said.extend(
            _said(one, Happening.LAPSED, made.repeat, step, occasion, who, "promise lapsed") for who in told_again
        )
        owner_told = tuple(
            sorted({*owner_told, *_refs([who for who in told_again if who.addressee is Addressee.OWNER])})
        )
    elif one.last_step and Addressee.OWNER in steps[one.last_step - 1].to and not made.waits:
        standing, direct = owners(one.matter, directory)
        new = [who for who in standing if who.contact_ref not in told and (who.contact_ref or "") not in owner_told]
        step = steps[one.last_step - 1]
        if new and step.manner.of(one.risk).value == "digest" and not configuration.calendar().is_working(today):
            waits = True
        else:
            owner_told += _refs(new)
            sheet.said.extend(
                _said(one, Happening.HANDED_OVER, one.last_step, step, "handed over", who, who.note) for who in new
            )
    if made.lapsed and one.promise_id and not waits:
        sheet.lapsed.append(one.promise_id)
    sheet.moved.append(
        LadderChange(
            one.id, one.last_step, one.taken_on, one.next_step_on if waits else made.next_on, owner_told, direct
        )
    )


def _said(
    one: DueObligation, happening: Happening, at: int, step: Step, occasion: str, who: Recipient, reason: str
) -> NewNotification:
    note = "; ".join(part for part in (reason if reason != who.note else "", who.note) if part)
    manner = step.manner.of(one.risk)
    return NewNotification(
        one.id,
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


def _refs(told: Sequence[Recipient]) -> tuple[str, ...]:
    """Contacts as they are kept with an obligation; operations, who has no reference, as an empty one."""
    return tuple(who.contact_ref or "" for who in told)
