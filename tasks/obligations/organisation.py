"""Projection of the rules that belong to no case, for the whole organisation, in each round."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Risk
from models.queries.obligations import corrections, organisation_facts, projection, worklist
from models.queries.people import contacts
from models.queries.people.parties import NOWHERE, places
from models.queries.rounds import rounds
from models.rules import arithmetic
from models.rules.catalogue import column_missing, feed_stale, prosecutor_training, spoc_role, spoc_vacancy
from models.rules.obligations import rulebook
from models.rules.obligations.lifecycle import (
    Amend,
    Begin,
    ChangeSetting,
    End,
    Identity,
    StoredVersion,
    VersionChange,
    changes,
)
from models.rules.organisation_facts import OrganisationFact
from models.rules.result import Outcome
from tasks.obligations import changed_ladders, coverage, feeds
from tasks.platform import diagnosis
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction

WITHOUT_CASE = tuple(name for name, rule in rulebook.RULES.items() if not rule.per_case)
_PROJECTED = "projected:--"


class OrganisationResult(NamedTuple):
    """The number of changes written, and the subjects that failed, whose obligations are unchanged."""

    changes: int
    failed: tuple[str, ...] = ()


class _Part(NamedTuple):
    """The stored obligations and the facts of the subjects that use one force's numbers (or the general ones)."""

    stored: dict[Identity, StoredVersion]
    facts: list[tuple[str, OrganisationFact]]


def project(configuration: Configuration, today: date, at: datetime) -> OrganisationResult:
    """Project the obligations of no case and write the difference. One bad subject does not stop the rest.

    Their climb also looks at what reaches people who changed since the last round.
    """
    policy = configuration.policy
    with transaction() as connection:
        _renumber(configuration, connection, today, at)
        found: list[VersionChange] = []
        failed: list[str] = []
        for force_code, part in _parts(configuration, connection, today, at).items():
            found.extend(_decide(configuration, force_code, part, today, failed))
        ended = [change for change in found if isinstance(change, End)]
        projection.end(connection, ended, today)
        projection.begin(
            connection, ((None, begin) for begin in found if isinstance(begin, Begin)), None, policy, today
        )
        projection.amend(connection, [amend for amend in found if isinstance(amend, Amend)], policy, today)
        projection.resolve(connection, ended, today)
        since = rounds.last_finished_before(connection, today)
        contacts.look_again(connection, None, contacts.changed(connection, since, today), today)
        corrections.correct(connection, ended, today)
    return OrganisationResult(len(found), tuple(sorted(set(failed))))


def _renumber(configuration: Configuration, connection: Connection, today: date, at: datetime) -> None:
    """After a change of policy or calendar, recalculate the climb of live obligations."""
    digest = configuration.digest
    if rounds.switch(connection, _PROJECTED) != digest:
        rules = configuration.policy.rules
        worklist.renumber(connection, None, {name: rules.of(name) for name in WITHOUT_CASE}, today)
        changed_ladders.carry(configuration, connection, None, WITHOUT_CASE)
        rounds.set_switch(connection, _PROJECTED, digest, at)


def _parts(configuration: Configuration, connection: Connection, today: date, at: datetime) -> dict[str | None, _Part]:
    """Return the stored obligations and the facts by the force whose numbers apply to them."""
    stored = projection.stored_without_case(connection, WITHOUT_CASE)
    facts = list(_facts(configuration, connection, today, at))
    where = places(connection, {*(post.subject for _, post in facts), *(subject for _, subject in stored)})
    parts: dict[str | None, _Part] = defaultdict(lambda: _Part({}, []))
    for identity, before in stored.items():
        parts[where.get(identity[1], NOWHERE).numbers_of].stored[identity] = before
    for rule, post in facts:
        parts[where.get(post.subject, NOWHERE).numbers_of].facts.append((rule, post))
    return parts


def _facts(
    configuration: Configuration, connection: Connection, today: date, at: datetime
) -> Iterator[tuple[str, OrganisationFact]]:
    policy = configuration.policy
    prosecutors = organisation_facts.prosecutors(
        connection, today, holders=policy.rules.prosecutor_training.who == "holders"
    )
    posts = organisation_facts.posts(connection, today, policy.harassment_in)
    yield from ((feed_stale.RULE.name, feed) for feed in feeds.facts(configuration, connection, today, at))
    yield from ((column_missing.RULE.name, one) for one in coverage.lacking(configuration, connection))
    yield from ((prosecutor_training.RULE.name, prosecutor) for prosecutor in prosecutors)
    yield from ((spoc_role.RULE.name, spoc) for spoc in organisation_facts.spocs(connection, today))
    yield from ((spoc_vacancy.RULE.name, post) for post in posts)


def _decide(
    configuration: Configuration, force_code: str | None, part: _Part, today: date, failed: list[str]
) -> list[VersionChange]:
    policy, calendar = configuration.policy, configuration.calendar
    rules = policy.for_force(force_code)
    outcomes: list[tuple[str, Outcome, str]] = []
    for rule, post in part.facts:
        try:
            answers = list(rulebook.evaluate_without_case(rule, post, rules, calendar))
        except Exception as error:  # noqa: BLE001  any error fails only this subject
            diagnosis.reason(error)
            failed.append(post.subject)
            part.stored.pop((rule, post.subject), None)
        else:
            outcomes += [(name, owes_nothing, arithmetic.stored(owes_nothing)) for name, owes_nothing in answers]
    setting = ChangeSetting(today, policy, force_code, Risk.UNKNOWN, calendar)
    return list(changes(part.stored, iter(outcomes), setting, rulebook.enabled(rules)))
