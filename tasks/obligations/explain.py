"""The explanation of one case: what it owes and why, what was done, and the steps to come if nobody acts."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from config.days.london import london_day
from config.sittings import ReviewDecision
from config.terms import OwedBy, Risk
from models.errors import Refuse
from models.queries.intake import sources
from models.queries.intake.source_files import FileOfSource
from models.queries.obligations import case_facts, completions
from models.queries.obligations import dangers as danger_rows
from models.queries.obligations import explain as queries
from models.queries.obligations.explain import CaseHead
from models.queries.people import acts
from models.queries.people.acts import KeptAct
from models.queries.people.parties import case_parties, live_parties
from models.queries.replies import replies
from models.queries.retention import holds
from models.queries.retention.holds import StandingHold
from models.queries.reviews import outcome_history
from models.queries.reviews.outcome_history import OutcomeHistoryRow
from models.rules.catalogue import why_not_stalking
from models.rules.facts import CaseFacts
from models.rules.in_place import instead_of
from models.rules.obligations import rulebook
from models.rules.obligations.rulebook import RULES
from models.rules.people.directory import Directory
from models.rules.references import CaseReference
from models.rules.result import OwesNothing
from models.rules.reviews.record_review import ReviewOutcome
from models.rules.whereabouts import defendant_lines, suspect_lines
from tasks.obligations import feeds
from tasks.obligations.explanation import (
    ExplainedAct,
    ExplainedHold,
    ExplainedIncident,
    ExplainedReview,
    Explanation,
    LinkedCase,
    NothingOwed,
)
from tasks.obligations.leading_spocs import who_leads
from tasks.obligations.obligation_history import CaseRecords, subject_of
from tasks.obligations.unknown_case import unknown_case
from tasks.pattern import record_related, related_cases
from tasks.platform.configuration import Configuration
from tasks.platform.consultation import record_consultation
from tasks.platform.directory import directory_on
from tasks.servers.database import transaction


def explain(
    configuration: Configuration, force_code: str, case_ref: str, today: date, *, by: str | None = None
) -> Explanation:
    """Explain a case's obligations as of a day, and audit the consultation.

    `by` is a contact_ref, by default the account that runs this.
    Raises Refuse if there is no such case, or if its rows cannot be read.
    """
    try:
        return _explain_and_audit(configuration, force_code, case_ref, today, by)
    except (KeyError, ValueError) as error:
        raise Refuse(
            f"Case {force_code}/{case_ref} cannot be explained: one of its rows holds a value that this version of "
            f"Casebeat does not know ({type(error).__name__}). Each round counts the case as failed until it is "
            "corrected. Nothing was done."
        ) from None


def explain_to_reader(
    configuration: Configuration, connection: Connection, case: CaseReference, today: date
) -> Explanation | None:
    """Explain a case as of a day for a message, whose reader's rights and whose audit are the caller's."""
    head = queries.head(connection, *case)
    return _explained(configuration, connection, head, today) if head else None


def _explain_and_audit(
    configuration: Configuration, force_code: str, case_ref: str, today: date, by: str | None
) -> Explanation:
    with transaction() as connection:
        head = queries.head(connection, force_code, case_ref)
        if head is None:
            raise unknown_case(connection, CaseReference(force_code, case_ref))
        record_consultation(connection, "case", f"{force_code}/{case_ref}", "explain", by)
        explained = _explained(configuration, connection, head, today)
        if by is None:
            explained = replace(explained, holds=tuple(map(_held, holds.keeping(connection, head.id))))
        record_related(connection, explained.case, explained.related, by)
        return explained


def _explained(configuration: Configuration, connection: Connection, head: CaseHead, today: date) -> Explanation:
    policy = configuration.policy
    (known,) = case_facts.case_facts(connection, [head.id], policy)
    people = directory_on(configuration, connection, today)
    records = _records(configuration, connection, head, known.case.risk, people, today)
    keys = [key for key in (head.id, head.urn_key_id) if key is not None]
    facts_from = sources.of_case(connection, keys)
    return Explanation(
        day=today,
        case=f"{head.force_code}/{head.case_ref}",
        urn=head.urn,
        classification=head.classification,
        risk=head.risk,
        opened_on=head.opened_on,
        cps_area=head.cps_area,
        next_hearing_on=known.case.next_hearing_on,
        finalised_on=head.finalised_on,
        withdrawn_on=head.withdrawn_on,
        restricted=head.restricted,
        presumed=_presumed(configuration, head, records),
        restricted_by_link=head.restricted_by_link,
        failure=head.failure if head.projection == "failed" else None,
        holds=(),
        leads=who_leads(case_parties(connection, head.id), people),
        linked=_linked(configuration, connection, head),
        related=related_cases(configuration, connection, [head.id]).get(head.id, ()),
        suspects=suspect_lines(known),
        defendants=defendant_lines(known),
        pattern=_pattern(known),
        owed=records.owed,
        nothing=tuple(_nothing(configuration, known)),
        ended=records.ended,
        reviewed=tuple(_reviewed(row) for row in outcome_history.of_case(connection, head.id)),
        reported=tuple(completions.of_case(connection, keys)),
        replied=tuple(replies.of_case(connection, head.id)),
        acts=tuple(map(_acted, acts.of_case(connection, head.id))),
        said=tuple(queries.notifications(connection, head.id)),
        sources=tuple(facts_from),
        left_out=tuple(_left_out(configuration, connection, {source.source for source in facts_from})),
    )


def _records(
    configuration: Configuration, connection: Connection, head: CaseHead, risk: Risk, people: Directory, today: date
) -> CaseRecords:
    return CaseRecords(
        configuration,
        queries.versions(connection, head.id),
        queries.steps(connection, head.id),
        queries.promises(connection, head.id),
        matters=live_parties(connection, head.id),
        people=people,
        risk=risk,
        force_code=head.force_code,
        today=today,
        sits=queries.sitting(connection, head.id),
        dangers=danger_rows.of_case(connection, head.id),
    )


def _presumed(configuration: Configuration, head: CaseHead, records: CaseRecords) -> bool:
    asked = any(version.rule == why_not_stalking.RULE.name and version.ended_on is None for version in records.versions)
    return asked and configuration.presumes(head.force_code, head.classification)


def _left_out(configuration: Configuration, connection: Connection, names: Collection[str]) -> Iterator[FileOfSource]:
    """Yield the files that a case's sources leave out. One that never came has no facts of any day."""
    left_out = feeds.left_out(configuration, connection)
    yield from (file for file in left_out if file.source in names and file.sent_on)


def _linked(configuration: Configuration, connection: Connection, head: CaseHead) -> tuple[LinkedCase, ...]:
    found = queries.links(connection, head.urn_key_id, configuration.policy.harassment_in)
    return tuple(
        LinkedCase(case=f"{link.force_code}/{link.case_ref}", principal=link is found[0], this=link.case_id == head.id)
        for link in (found if len(found) > 1 else ())
    )


def _pattern(known: CaseFacts) -> tuple[ExplainedIncident, ...]:
    incidents = [(incident, False) for incident in known.incidents] + [
        (incident, True) for incident in known.linked_incidents
    ]
    return tuple(
        ExplainedIncident(
            ref=incident.ref,
            occurred_on=incident.occurred_on,
            reported_on=incident.reported_on,
            breach=incident.breach,
            linked=linked,
        )
        for incident, linked in sorted(incidents, key=lambda act: (act[0].occurred_on, act[0].reported_on, act[0].ref))
        if incident.supplied
    )


def _reviewed(row: OutcomeHistoryRow) -> ExplainedReview:
    return ExplainedReview(
        on=row.made_on,
        by=row.by_ref,
        sitting=row.sitting_ref,
        day=row.day,
        how=ReviewOutcome(row.held, row.police_attended, row.cps_attended, frozenset(row.decisions)).how,
        decisions=tuple(decision.value for decision in row.decisions if decision is not ReviewDecision.NOT_REACHED),
        pattern=row.pattern,
        enquiries=row.enquiries,
        stands=row.stands,
    )


def _acted(row: KeptAct) -> ExplainedAct:
    return ExplainedAct(
        at=row.made_at,
        by=row.by_ref,
        door=row.door,
        through=row.through,
        deed=row.deed,
        undoes=row.undoes,
        done_by=row.done_by,
        rule=row.rule,
        subject=subject_of(row.subject),
        on=row.on,
    )


def _held(hold: StandingHold) -> ExplainedHold:
    return ExplainedHold(
        case=f"{hold.force_code}/{hold.case_ref}",
        reason=hold.reason,
        reference=hold.reference,
        by=hold.by_ref,
        since=london_day(hold.held_at),
    )


def _nothing(configuration: Configuration, known: CaseFacts) -> Iterator[NothingOwed]:
    """Evaluate the rules again and list those that owe nothing. A case that cannot be evaluated lists none."""
    rules = configuration.policy.for_force(known.case.force_code)
    on = rulebook.enabled(rules)
    try:
        answers = list(rulebook.evaluate(known, rules, configuration.calendar))
    except Exception:  # noqa: BLE001  projection has recorded this case's failure
        answers = []
    for name, outcome in answers:
        if isinstance(outcome, OwesNothing):
            title, subject = RULES[name].title, subject_of(outcome.subject)
            columns = (outcome.kept_in, *instead_of(outcome.kept_in)) if outcome.kept_in else ()
            unseen = bool(columns) and not any(known.sight.sees(column, None, OwedBy.BOTH) for column in columns)
            yield NothingOwed(rule=name, title=title, subject=subject, why=outcome.why, unseen=unseen)
    for rule in RULES.values():
        if rule.per_case and rule.name not in on:
            yield NothingOwed(rule=rule.name, title=rule.title, subject="", why="the policy has it turned off")
