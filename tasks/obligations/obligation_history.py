"""The history of a case's obligations for `explain`: live and ended versions, notifications and silences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from config.terms import EndReason, Happening, Risk, State, StepOutcome
from models.queries.obligations.explain import CaseSitting, NotificationHistoryRow, PromiseRow, StepRow, VersionRow
from models.rules import arithmetic
from models.rules.catalogue.contents import CONVENED
from models.rules.obligations import first_day
from models.rules.obligations.first_day import ForceMatter
from models.rules.obligations.forecast import forecast
from models.rules.obligations.ladder import Rung
from models.rules.obligations.rulebook import RULES
from models.rules.obligations.severity import severity
from models.rules.people.addressing import Directory, Parties, owners
from models.rules.result import CASE
from tasks.obligations.explanation import (
    ComingStep,
    EndedObligation,
    ExplainedNotification,
    ExplainedObligation,
    ExplainedOwner,
    ExplainedPromise,
    ExplainedStep,
    Reopening,
)
from tasks.platform import configuration


class CaseRecords(NamedTuple):
    """The stored rows about one case's obligations, and the day of the explanation."""

    versions: Sequence[VersionRow]
    steps: Sequence[StepRow]
    promises: Sequence[PromiseRow]
    notifications: Sequence[NotificationHistoryRow]
    matters: Mapping[int, Parties]  # of the live versions, by id
    people: Directory
    risk: Risk
    force_code: str
    today: date
    sits: CaseSitting | None  # the sitting that its joint review has

    @property
    def owed(self) -> tuple[ExplainedObligation, ...]:
        """Live obligations: hard clocks first, then by the day of their escalation."""
        live = [one for one in self.versions if one.ended_on is None]
        return tuple(_owed(one, self) for one in sorted(live, key=_worst_first))

    @property
    def ended(self) -> tuple[EndedObligation, ...]:
        """Ended versions, in the order of their end."""
        over = [(one.ended_on, one) for one in self.versions if one.ended_on is not None]
        return tuple(_ended(one, on, self) for on, one in sorted(over, key=lambda each: (each[0], each[1].id)))

    @property
    def notified(self) -> tuple[ExplainedNotification, ...]:
        """All notifications and silences so far, in the order of their days."""
        by_id = {one.id: one for one in self.versions}
        notified = [_notification(row, by_id[row.obligation_id]) for row in self.notifications]
        silences = [_silence(row, by_id[row.obligation_id]) for row in self.steps if row.outcome == StepOutcome.SILENT]
        return tuple(sorted([*notified, *silences], key=lambda each: each.on))


def subject_of(subject: str) -> str:
    """Return the subject to show: an empty string for the whole case."""
    return "" if subject == CASE else subject


def _worst_first(one: VersionRow) -> tuple[bool, date, str, str]:
    return not one.hard, one.escalate_on, one.rule, one.subject


def _chain(one: VersionRow, versions: Iterable[VersionRow]) -> dict[int, VersionRow]:
    """Return the version and the earlier versions that it continues, by id."""
    return {
        each.id: each
        for each in versions
        if (each.rule, each.subject) == (one.rule, one.subject)
        and one.chain_from <= each.version <= one.version
        and each.end_reason != EndReason.VOID
    }


def _owed(one: VersionRow, records: CaseRecords) -> ExplainedObligation:
    chain = _chain(one, records.versions)
    made = [each for each in records.promises if each.obligation_id in chain]
    because = arithmetic.from_json(one.because)
    rule = RULES[one.rule]
    return ExplainedObligation(
        rule=one.rule,
        title=rule.title,
        subject=subject_of(one.subject),
        version=one.version,
        owed_by=one.owed_by,
        owner=rule.owner.value,
        owners=tuple(_owners(one, records)),
        due_on=one.due_on,
        remind_on=one.remind_on,
        escalate_on=one.escalate_on,
        severity=severity(one.due_on, one.remind_on, one.escalate_on, records.today),
        hard=one.hard,
        stalls=one.stalls,
        duty=rule.duty,
        number=rule.number,
        edition=one.edition,
        sum=arithmetic.sentence(because, configuration.calendar()),
        sitting=records.sits.ref if records.sits and one.rule in CONVENED else "",
        sits_at=records.sits.at if records.sits and one.rule in CONVENED else None,
        runs_from=because[0].fact if because else "",
        runs_from_on=because[0].day if because else one.due_on,
        warning=one.note,
        moved=sum(each.end_reason == EndReason.MOVED for each in chain.values()),
        reopened=_reopened(one, records.versions),
        ends_when=rule.ends(one.subject),
        promises=tuple(map(_promised, made)),
        steps=tuple(_stepped(row, chain[row.obligation_id]) for row in records.steps if row.obligation_id in chain),
        coming=tuple(_coming(one, records)),
        inherited_at=first_day.inherited(configuration.policy(), _of_force(one, records)),
    )


def _reopened(one: VersionRow, versions: Iterable[VersionRow]) -> Reopening | None:
    """Return the latest earlier version that ended because the case was finalised, and the day of the next one."""
    same = [each for each in versions if (each.rule, each.subject) == (one.rule, one.subject)]
    for before, after in reversed(list(pairwise(each for each in same if each.end_reason != EndReason.VOID))):
        if before.end_reason == EndReason.FINALISED and before.ended_on:
            return Reopening(version=before.version, ended_on=before.ended_on, again_on=after.began_on)
    return None


def _owners(one: VersionRow, records: CaseRecords) -> Iterator[ExplainedOwner]:
    for owner in owners(records.matters[one.id], records.people):
        yield ExplainedOwner(contact_ref=owner.contact_ref, note=owner.note)


def _coming(one: VersionRow, records: CaseRecords) -> Iterator[ComingStep]:
    ladder = configuration.policy().ladder_of(one.rule, records.force_code)
    until = next((row.until_on for row in records.promises if row.obligation_id == one.id and row.end is None), None)
    rung = Rung(
        one.remind_on, one.due_on, one.escalate_on, records.risk, one.hard, one.last_step, tuple(one.taken_on), until,
        configuration.convened(records.sits.day, records.force_code)
        if records.sits and one.rule in CONVENED else None,
        first_day.start(configuration.policy(), _of_force(one, records), configuration.calendar()),
    )  # fmt: skip
    for step in forecast(ladder, rung, records.today, configuration.calendar()):
        at = first_day.steps_on(ladder, rung.start, step.on)[step.step - 1]
        yield ComingStep(step=at.step, on=step.on, to=tuple(at.to), repeated=step.repeated)


def _of_force(one: VersionRow, records: CaseRecords) -> ForceMatter:
    return ForceMatter(one.rule, one.due_on, records.risk, records.force_code)


def _promised(row: PromiseRow) -> ExplainedPromise:
    return ExplainedPromise(
        by=row.by_ref,
        made_on=row.made_on,
        until_on=row.until_on,
        renewals=row.renewals,
        type=row.type,
        reason=row.reason,
        ended_on=row.ended_on,
        end=row.end,
    )


def _stepped(row: StepRow, version: VersionRow) -> ExplainedStep:
    return ExplainedStep(step=row.step, on=row.on, outcome=row.outcome, reason=row.reason, version=version.version)


def _ended(one: VersionRow, on: date, records: CaseRecords) -> EndedObligation:
    return EndedObligation(
        rule=one.rule,
        title=RULES[one.rule].title,
        subject=subject_of(one.subject),
        version=one.version,
        began_on=one.began_on,
        due_on=one.due_on,
        ended_on=on,
        reason=one.end_reason or "",
        promises=tuple(_promised(_over(row, on)) for row in records.promises if row.obligation_id == one.id),
    )


def _over(row: PromiseRow, on: date) -> PromiseRow:
    """Return the promise as ended on the day its version ended, if it was still live."""
    return row if row.end is not None else row._replace(end="ended", ended_on=on)


def _notification(row: NotificationHistoryRow, version: VersionRow) -> ExplainedNotification:
    return ExplainedNotification(
        on=row.day,
        rule=version.rule,
        subject=subject_of(version.subject),
        version=version.version,
        step=row.step,
        happening=row.happening,
        addressee=row.addressee,
        contact_ref=row.contact_ref,
        channel=row.channel,
        state=row.state,
        reason="; ".join(part for part in (row.note, row.reason) if part),
    )


def _silence(row: StepRow, version: VersionRow) -> ExplainedNotification:
    return ExplainedNotification(
        on=row.on,
        rule=version.rule,
        subject=subject_of(version.subject),
        version=version.version,
        step=row.step,
        happening=Happening.STEP,
        addressee=None,
        contact_ref=None,
        channel=None,
        state=State.SILENT,
        reason=row.reason,
    )
