"""Explaining one case: what it owes and why, what was done about it, and what comes if nobody acts."""

import getpass
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import EndReason, Happening, Risk, State, StepOutcome, Verb
from models.errors import Refuse
from models.queries import audit, facts
from models.queries import explain as queries
from models.queries.explain import CaseHead, PromiseRow, SaidRow, StepRow, Version
from models.rules import book, said
from models.rules.ahead import ahead
from models.rules.book import RULES
from models.rules.facts import CaseFacts
from models.rules.ladder import Rung
from models.rules.outcome import CASE, OwesNothing
from models.rules.severity import severity
from tasks import numbers
from tasks.database import transaction
from tasks.explained import Act, Coming, Ended, Explained, From, Linked, Nothing, Owed, Promised, Stepped, Word


class _Records(NamedTuple):
    """What is stored of one case's obligations, and the day for which it is told."""

    versions: Sequence[Version]
    steps: Sequence[StepRow]
    promises: Sequence[PromiseRow]
    risk: Risk
    force_code: str
    today: date


def explain(force_code: str, case_ref: str, today: date) -> Explained:
    """Everything known of a case's obligations, as they stand, told for a day. The audit log says who asked.

    Raises Refuse where there is no such case.
    """
    with transaction() as connection:
        head = queries.head(connection, force_code, case_ref)
        if head is None:
            raise Refuse(f"There is no case {force_code}/{case_ref} in the book. Write FORCE/CASE_REF.")
        audit.record(connection, [audit.Entry(
            verb=Verb.CONSULTATION, by=getpass.getuser(), about="case", ref=f"{force_code}/{case_ref}", to_ref=None,
            reason="explain",
        )])  # fmt: skip
        return _explained(connection, head, today)


def _explained(connection: Connection, head: CaseHead, today: date) -> Explained:
    (known,) = facts.case_facts(connection, [head.id])
    versions = queries.versions(connection, head.id)
    ids = [one.id for one in versions]
    steps, promises = queries.steps(connection, ids), queries.promises(connection, ids)
    records = _Records(versions, steps, promises, known.case.risk, head.force_code, today)
    keys = [key for key in (head.id, head.urn_key_id) if key is not None]
    return Explained(
        day=today,
        case=f"{head.force_code}/{head.case_ref}",
        urn=head.urn,
        classification=head.classification,
        risk=head.risk,
        opened_on=head.opened_on,
        cps_area=head.cps_area,
        finalised_on=head.finalised_on,
        withdrawn_on=head.withdrawn_on,
        restricted=head.restricted,
        failure=head.failure if head.projection == "failed" else None,
        linked=_linked(connection, head),
        pattern=_pattern(known),
        owed=tuple(_owed(one, records) for one in sorted(versions, key=_worst_first) if one.ended_on is None),
        nothing=tuple(_nothing(known)),
        ended=tuple(_ended(versions, promises)),
        said=_said(connection, versions, steps),
        sources=tuple(
            From(source=row.name, agency=row.agency, extracted_at=row.extracted_at, extract_id=row.extract_id)
            for row in queries.sources(connection, keys)
        ),
    )


def _worst_first(one: Version) -> tuple[bool, date, str, str]:
    """Hard clocks, then what is or will be critically overdue the longest."""
    return not one.hard, one.escalate_on, one.rule, one.subject


def _linked(connection: Connection, head: CaseHead) -> tuple[Linked, ...]:
    found = queries.links(connection, head.urn_key_id)
    return tuple(
        Linked(case=f"{one.force_code}/{one.case_ref}", principal=one is found[0], this=one.case_id == head.id)
        for one in (found if len(found) > 1 else ())
    )


def _pattern(known: CaseFacts) -> tuple[Act, ...]:
    acts = [(one, False) for one in known.incidents] + [(one, True) for one in known.linked_incidents]
    return tuple(
        Act(ref=one.ref, occurred_on=one.occurred_on, reported_on=one.reported_on, breach=one.breach, linked=linked)
        for one, linked in sorted(acts, key=lambda act: (act[0].occurred_on, act[0].reported_on, act[0].ref))
        if one.supplied
    )


def _chain(one: Version, versions: Iterable[Version]) -> dict[int, Version]:
    """The version and those it carries on from, by id."""
    return {
        each.id: each
        for each in versions
        if (each.rule, each.subject) == (one.rule, one.subject) and one.chain_from <= each.version <= one.version
    }


def _owed(one: Version, records: _Records) -> Owed:
    chain = _chain(one, records.versions)
    made = [each for each in records.promises if each.obligation_id in chain]
    because = said.from_json(one.because)
    rule = RULES[one.rule]
    return Owed(
        rule=one.rule,
        title=rule.title,
        subject=_subject(one.subject),
        version=one.version,
        owed_by=one.owed_by,
        due_on=one.due_on,
        remind_on=one.remind_on,
        escalate_on=one.escalate_on,
        severity=severity(one.due_on, one.remind_on, one.escalate_on, records.today),
        hard=one.hard,
        stalls=one.stalls,
        basis=numbers.policy().for_force(records.force_code).of(one.rule).basis,
        edition=one.edition,
        sum=said.sentence(because, numbers.calendar()),
        runs_from=because[0].fact if because else "",
        runs_from_on=because[0].day if because else one.due_on,
        warning=one.note,
        moved=sum(each.end_reason == EndReason.MOVED for each in chain.values()),
        ends_when=rule.ends_when,
        promises=tuple(map(_promised, made)),
        steps=tuple(_stepped(row, chain[row.obligation_id]) for row in records.steps if row.obligation_id in chain),
        coming=tuple(_coming(one, records)),
    )


def _coming(one: Version, records: _Records) -> Iterator[Coming]:
    ladder = numbers.policy().ladder_of(one.rule, records.force_code)
    until = next((row.until_on for row in records.promises if row.obligation_id == one.id and row.end is None), None)
    rung = Rung(
        one.remind_on, one.due_on, one.escalate_on, records.risk, one.hard, one.last_step, tuple(one.taken_on), until
    )
    for step in ahead(ladder, rung, records.today, numbers.calendar()):
        at = ladder[step.step - 1]
        yield Coming(step=at.step, on=step.on, to=tuple(at.to), repeated=step.repeated)


def _promised(row: PromiseRow) -> Promised:
    return Promised(
        by=row.by_ref,
        made_on=row.made_on,
        until_on=row.until_on,
        renewals=row.renewals,
        type=row.type,
        reason=row.reason,
        ended_on=row.ended_on,
        end=row.end,
    )


def _stepped(row: StepRow, version: Version) -> Stepped:
    return Stepped(step=row.step, on=row.on, outcome=row.outcome, reason=row.reason, version=version.version)


def _nothing(known: CaseFacts) -> Iterator[Nothing]:
    """The rules that owe nothing, asked anew; a case that cannot be evaluated says so by its failure alone."""
    rules = numbers.policy().for_force(known.case.force_code)
    on = book.enabled(rules)
    try:
        answers = list(book.evaluate(known, rules, numbers.calendar()))
    except Exception:  # noqa: BLE001  projection has recorded it as this case's failure
        answers = []
    for name, outcome in answers:
        if isinstance(outcome, OwesNothing):
            yield Nothing(rule=name, title=RULES[name].title, subject=_subject(outcome.subject), why=outcome.why)
    for rule in RULES.values():
        if rule.per_case and rule.name not in on:
            yield Nothing(rule=rule.name, title=rule.title, subject="", why="the policy has it turned off")


def _ended(versions: Sequence[Version], promises: Sequence[PromiseRow]) -> Iterator[Ended]:
    for one in sorted(versions, key=lambda each: (each.ended_on or date.max, each.id)):
        if one.ended_on is not None:
            yield Ended(
                rule=one.rule,
                title=RULES[one.rule].title,
                subject=_subject(one.subject),
                version=one.version,
                began_on=one.began_on,
                due_on=one.due_on,
                ended_on=one.ended_on,
                reason=one.end_reason or "",
                promises=tuple(_promised(row) for row in promises if row.obligation_id == one.id),
            )


def _said(connection: Connection, versions: Sequence[Version], steps: Sequence[StepRow]) -> tuple[Word, ...]:
    """Every message and silence so far, in the order of their days."""
    by_id = {one.id: one for one in versions}
    words = [_word(row, by_id[row.obligation_id]) for row in queries.said(connection, list(by_id))]
    silences = [_silence(row, by_id[row.obligation_id]) for row in steps if row.outcome == StepOutcome.SILENT]
    return tuple(sorted([*words, *silences], key=lambda word: word.on))


def _word(row: SaidRow, version: Version) -> Word:
    return Word(
        on=row.day,
        rule=version.rule,
        subject=_subject(version.subject),
        version=version.version,
        step=row.step,
        happening=row.happening,
        addressee=row.addressee,
        contact_ref=row.contact_ref,
        channel=row.channel,
        state=row.state,
        reason="; ".join(part for part in (row.note, row.reason) if part),
    )


def _silence(row: StepRow, version: Version) -> Word:
    return Word(
        on=row.on,
        rule=version.rule,
        subject=_subject(version.subject),
        version=version.version,
        step=row.step,
        happening=Happening.STEP,
        addressee=None,
        contact_ref=None,
        channel=None,
        state=State.SILENT,
        reason=row.reason,
    )


def _subject(subject: str) -> str:
    return "" if subject == CASE else subject
