"""Figures of an extract on trial: the columns that its rows fill, and the findings of a first morning."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Boolean, Connection

from config.rules import Rules
from config.terms import OwedBy
from models.queries.intake import filled
from models.queries.obligations.case_facts import case_facts
from models.queries.people import cover_gaps
from models.rules.catalogue import supervisor_review
from models.rules.catalogue.joint_review import HELD_ON
from models.rules.catalogue.orders import RENEWAL_DECIDED_ON, replaced_on
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.status import status_unseen
from models.rules.facts import CaseFacts
from models.rules.obligations import rulebook
from models.rules.result import Owes
from models.rules.row_facts import OrderFact
from models.rules.sight import SentColumn
from tasks.intake.columns import File
from tasks.intake.staging import describe
from tasks.platform import diagnosis
from tasks.platform.configuration import Configuration

_CHUNK = 1_000  # cases at once


class FilledColumn(NamedTuple):
    """A column that a duty reads, and how many of its file's rows fill it."""

    name: str
    filled: int
    rows: int

    @property
    def empty(self) -> int:
        """How many of the rows do not fill it."""
        return self.rows - self.filled

    @property
    def sparse(self) -> bool:
        """Return whether most of its cells are empty."""
        return self.filled * 2 < self.rows


Filled = Mapping[SentColumn, FilledColumn]


class DutyForetold(NamedTuple):
    """A rule's answers in the open cases: in how many something is owed, and in how many it is overdue.

    `why` has the columns that may explain it: where nothing is owed those that begin it and that no row fills, and
    where most is overdue those that end it and that few rows fill.
    """

    rule: str
    cases: int
    overdue: int
    why: tuple[FilledColumn, ...]


class TriedMorning(NamedTuple):
    """Findings of the rules in the open cases of an extract's forces on its day."""

    cases: int
    failed: int  # of which the rules cannot be worked out
    duties: tuple[DutyForetold, ...]
    gaps: Mapping[str, int] = MappingProxyType({})  # cases by what their rows contradict, or lack, of each other


def filled_columns(connection: Connection, file: File, header: Sequence[str]) -> tuple[FilledColumn, ...]:
    """Return the columns of a staged file that a duty reads, in the file's order."""
    table = describe(file)
    asked = {
        column.name: stored
        for column in file.columns
        if column.name in header and (file.name, column.name) in rulebook.LOOKED_AT
        if (stored := column.kept_as) and not isinstance(table.table.c[stored].type, Boolean)  # whose "no" may be empty
    }
    rows, counts = filled.filled(connection, table, asked)
    return tuple(FilledColumn(name, counts[name], rows) for name in asked)


def first_morning(
    configuration: Configuration, connection: Connection, forces: Sequence[str], columns: Filled, day: date
) -> TriedMorning:
    """Evaluate every rule for the forces' open cases, and write nothing. `columns` are those of the extract."""
    owed: Counter[str] = Counter()
    overdue: Counter[str] = Counter()
    gaps: Counter[str] = Counter()
    cases = failed = 0
    decided = filled.decided_to_charge(connection)
    for force in filled.open_cases(connection, forces):
        rules = configuration.policy.for_force(force.force_code)
        for start in range(0, len(force.case_ids), _CHUNK):
            for one in case_facts(connection, force.case_ids[start : start + _CHUNK], configuration.policy):
                cases += 1
                gaps.update(_gaps(one, decided, day))
                found = _owed(configuration, one, rules)
                failed += found is None
                gaps["unreviewed"] += _unreviewed(one, found or ())
                owed.update({rule for rule, _ in found or ()})
                overdue.update({rule for rule, due in found or () if due < day})
    closed = cover_gaps.closed_to_all(connection, day, configuration.policy.harassment_in)
    gaps["unreadable"] = sum(place.cases for place in closed if place.force_code in forces)
    told = (
        _told(rule, owed[rule.name], overdue[rule.name], columns)
        for rule in rulebook.RULES.values()
        if rule.per_case and rule.name in rulebook.enabled(configuration.policy.rules)
    )
    return TriedMorning(cases, failed, tuple(duty for duty in told if duty.cases or duty.why), +gaps)


def _gaps(one: CaseFacts, decided: Container[str], day: date) -> Iterator[str]:
    """Yield what the rows of a case contradict, or lack, of each other. `decided` are referrals with a charge."""
    rows = [row for row in one.suspect_rows if row.supplied]
    if not one.charged and rows and all(row.charged_on for row in rows):
        yield "uncharged"
    if not one.charged and not one.case.charge_authorised_on and any(row.ref in decided for row in one.referrals):
        yield "unauthorised"
    if one.clock_case and any(map(_unplaced, (alone for _, alone in one.suspects))):
        yield "unplaced"
    if any(_unwarned(one, row, day) for row in one.orders):
        yield "unwarned"


def _unreviewed(one: CaseFacts, found: Iterable[tuple[str, date]]) -> bool:
    """Return whether a case owes a supervisor's review, has none of any kind, and police send no file of reviews."""
    owes = any(rule == supervisor_review.RULE.name for rule, _ in found)
    reviewed = any(map(supervisor_review.counts, one.reviews))
    return owes and not reviewed and not one.sight.sees(HELD_ON, None, OwedBy.POLICE)


def _unplaced(alone: CaseFacts) -> bool:
    """Return whether a suspect has neither a status nor a charge, though a file would tell."""
    return alone.case.suspect_status is None and not alone.charged and not status_unseen(alone)


def _unwarned(one: CaseFacts, order: OrderFact, day: date) -> bool:
    """Return whether an order runs whose renewal no file would tell, so that its end is not owed."""
    runs = order.supplied and order.expires_on is not None and order.expires_on >= day
    unseen = not one.sight.sees(RENEWAL_DECIDED_ON, order.source_id, OwedBy.POLICE)
    return runs and unseen and not replaced_on(order, one.orders)


def _told(rule: Rule, cases: int, overdue: int, columns: Filled) -> DutyForetold:
    why: list[FilledColumn] = []
    if not cases:
        why = [columns[one] for one in rule.begins if one in columns and not columns[one].filled]
    elif overdue * 2 > cases:
        why = [columns[one] for one in rule.needs if one in columns and columns[one].sparse]
    return DutyForetold(rule.name, cases, overdue, tuple(why))


def _owed(configuration: Configuration, one: CaseFacts, rules: Rules) -> list[tuple[str, date]] | None:
    try:
        found = list(rulebook.evaluate(one, rules, configuration.calendar))
    except Exception as error:  # noqa: BLE001  any error fails only this case
        diagnosis.reason(error)
        return None
    return [(rule, outcome.due_on) for rule, outcome in found if isinstance(outcome, Owes)]
