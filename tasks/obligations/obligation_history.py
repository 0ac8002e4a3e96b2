"""The history of a case's obligations for `explain`: live and ended versions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from config.leading import OwnerKind
from config.terms import EndReason, Risk
from models.queries.obligations.dangers import DangerRow
from models.queries.obligations.explain import CaseSitting, ExplainedPromise, ExplainedStep, VersionRow
from models.rules import arithmetic
from models.rules.catalogue.contents import CONVENED
from models.rules.catalogue.rule import Rule
from models.rules.obligations import first_day
from models.rules.obligations.ending import Ending
from models.rules.obligations.first_day import ForceMatter
from models.rules.obligations.forecast import forecast
from models.rules.obligations.ladder import Rung
from models.rules.obligations.rulebook import RULES
from models.rules.obligations.severity import severity
from models.rules.people.addressing import owners
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.result import CASE, Term
from tasks.obligations import dangers
from tasks.obligations.dangers import Danger
from tasks.obligations.explanation import (
    ComingStep,
    EndedObligation,
    ExplainedObligation,
    ExplainedOwner,
    Reopening,
)
from tasks.platform.configuration import Configuration


class CaseRecords(NamedTuple):
    """The stored rows about one case's obligations, and the day of the explanation."""

    configuration: Configuration
    versions: Sequence[VersionRow]
    steps: Sequence[tuple[int, ExplainedStep]]  # each with the id of its version, and so the promises
    promises: Sequence[tuple[int, ExplainedPromise]]
    matters: Mapping[int, Parties]  # of the live versions, by id
    people: Directory
    risk: Risk
    force_code: str
    today: date
    sits: CaseSitting | None  # the sitting that its joint review has
    dangers: Mapping[int, DangerRow]  # of the live versions that ask for a look at the grade, by id

    @property
    def owed(self) -> tuple[ExplainedObligation, ...]:
        """Live obligations: hard clocks first, then by the day of their escalation."""
        live = [version for version in self.versions if version.ended_on is None]
        return tuple(_owed(self.configuration, row, self) for row in sorted(live, key=_worst_first))

    @property
    def ended(self) -> tuple[EndedObligation, ...]:
        """Ended versions, in the order of their end."""
        over = [(version.ended_on, version) for version in self.versions if version.ended_on is not None]
        return tuple(_ended(row, on, self) for on, row in sorted(over, key=lambda each: (each[0], each[1].id)))


def subject_of(subject: str) -> str:
    """Return the subject to show: an empty string for the whole case."""
    return "" if subject == CASE else subject


def _worst_first(row: VersionRow) -> tuple[bool, date, str, str]:
    return not row.hard, row.escalate_on, row.rule, row.subject


def _chain(row: VersionRow, versions: Iterable[VersionRow]) -> dict[int, VersionRow]:
    """Return the version and the earlier versions that it continues, by id."""
    return {
        version.id: version
        for version in versions
        if (version.rule, version.subject) == (row.rule, row.subject)
        and row.chain_from <= version.version <= row.version
        and version.end_reason != EndReason.VOID
    }


def _owed(configuration: Configuration, version_row: VersionRow, records: CaseRecords) -> ExplainedObligation:
    chain = _chain(version_row, records.versions)
    because = arithmetic.from_json(version_row.because)
    rule = RULES[version_row.rule]
    return ExplainedObligation(
        rule=version_row.rule,
        title=rule.title,
        subject=subject_of(version_row.subject),
        version=version_row.version,
        owed_by=version_row.owed_by,
        owner=_whose(rule).value,
        owners=tuple(_owners(version_row, records)),
        due_on=version_row.due_on,
        remind_on=version_row.remind_on,
        escalate_on=version_row.escalate_on,
        severity=severity(version_row.due_on, version_row.remind_on, version_row.escalate_on, records.today),
        hard=version_row.hard,
        stalls=version_row.stalls,
        duty=rule.duty,
        number=rule.number,
        edition=version_row.edition,
        sum=arithmetic.sentence(because, configuration.calendar),
        sitting=records.sits.ref if records.sits and version_row.rule in CONVENED else "",
        sits_at=records.sits.at if records.sits and version_row.rule in CONVENED else None,
        runs_from=because[0].fact if because else "",
        runs_from_on=because[0].day if because else version_row.due_on,
        warning=version_row.note,
        moved=sum(row.end_reason == EndReason.MOVED for row in chain.values()),
        reopened=_reopened(version_row, records.versions),
        ends_when=rule.ends(version_row.subject),
        promises=tuple(promise for version_id, promise in records.promises if version_id in chain),
        steps=tuple(step for version_id, step in records.steps if version_id in chain),
        coming=tuple(_coming(configuration, version_row, records)),
        danger=_danger(version_row, because, records),
        inherited_at=first_day.inherited(configuration.policy, _of_force(version_row, records)),
        new_on=first_day.new(configuration.policy, _of_force(version_row, records)),
    )


def _danger(version_row: VersionRow, because: Sequence[Term], records: CaseRecords) -> Danger | None:
    row = records.dangers.get(version_row.id)
    return dangers.of(row, because, {}, records.today) if row else None


def _reopened(one: VersionRow, versions: Iterable[VersionRow]) -> Reopening | None:
    """Return the latest earlier version that ended because the case was finalised, and the day of the next one."""
    same = [version for version in versions if (version.rule, version.subject) == (one.rule, one.subject)]
    for before, after in reversed(list(pairwise(row for row in same if row.end_reason != EndReason.VOID))):
        if before.end_reason == EndReason.FINALISED and before.ended_on:
            return Reopening(version=before.version, ended_on=before.ended_on, again_on=after.began_on)
    return None


def _whose(rule: Rule) -> OwnerKind:
    """Return whose it is to do: the supervisor confirms a grade, though its ladder begins with the officer."""
    return OwnerKind.SUPERVISOR if rule.confirmed else rule.owner


def _owners(row: VersionRow, records: CaseRecords) -> Iterator[ExplainedOwner]:
    matter = records.matters[row.id]._replace(owner=_whose(RULES[row.rule]))
    for owner in owners(matter, records.people):
        yield ExplainedOwner(contact_ref=owner.contact_ref, note=owner.note)


def _coming(configuration: Configuration, version_row: VersionRow, records: CaseRecords) -> Iterator[ComingStep]:
    ladder = configuration.policy.ladder_of(version_row.rule, records.force_code)
    until = next(
        (promise.until_on for id_, promise in records.promises if id_ == version_row.id and promise.end is None), None
    )
    rung = Rung(
        version_row.remind_on, version_row.due_on, version_row.escalate_on, records.risk, version_row.hard,
        version_row.last_step, tuple(version_row.taken_on), until,
        configuration.convened(records.sits.day, records.force_code)
        if records.sits and version_row.rule in CONVENED else None,
        first_day.start(configuration.policy, _of_force(version_row, records), configuration.calendar),
    )  # fmt: skip
    for step in forecast(ladder, rung, records.today, configuration.calendar):
        at = first_day.steps_on(ladder, rung.start, step.on)[step.step - 1]
        yield ComingStep(step=at.step, on=step.on, to=tuple(at.to), repeated=step.repeated)


def _of_force(row: VersionRow, records: CaseRecords) -> ForceMatter:
    return ForceMatter(row.rule, row.due_on, records.risk, records.force_code, row.new_on)


def _ended(version_row: VersionRow, on: date, records: CaseRecords) -> EndedObligation:
    return EndedObligation(
        rule=version_row.rule,
        title=RULES[version_row.rule].title,
        subject=subject_of(version_row.subject),
        version=version_row.version,
        began_on=version_row.began_on,
        due_on=version_row.due_on,
        ending=Ending(
            reason=version_row.end_reason or EndReason.MET,
            ended_on=on,
            fact=version_row.fact,
            fact_on=version_row.fact_on,
            extract_on=version_row.extract_on,
            lost=version_row.lost,
        ),
        promises=tuple(_over(promise, on) for id_, promise in records.promises if id_ == version_row.id),
    )


def _over(row: ExplainedPromise, on: date) -> ExplainedPromise:
    """Return the promise as ended on the day its version ended, if it was still live."""
    return row if row.end is not None else row._replace(end="ended", ended_on=on)
