"""Planning: create a force's sittings from its panels, and move or cancel them if a panel changed."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from config.panels import Panel
from config.sittings import ConveningEnd
from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.reviews import convenings, sittings
from models.queries.reviews.sittings import NewSitting
from models.rules.reviews.convening_book import EndedPlace
from models.rules.reviews.sitting_days import Occurrence, last_day, occurrences
from models.rules.reviews.sitting_plan import PlannedSitting, SittingChanges, plan, reference, terms
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction


def plan_sittings(configuration: Configuration, force_code: str, today: date) -> bool:
    """Plan a force's sittings after today up to its panels' horizons, and write the difference in one transaction.

    A sitting that its panel no longer has moves within its week, or is cancelled and its cases are convened again. A
    second run finds nothing to do; a concurrent run waits. Before the force's first day nothing is planned. Return
    whether a convened case is affected.
    """
    if force_code in configuration.waiting(today):
        return False
    panels = configuration.panels.of(force_code)
    with transaction() as connection:
        planned = sittings.planned_ahead(connection, force_code, today)
        made: list[str] = []
        touched: list[int] = []
        all_found: list[SittingChanges] = []
        for area in sorted({each.cps_area for each in panels} | {each.cps_area for each in planned}):
            found = _pair(configuration, area, panels, planned, today)
            touched += _change(connection, found, today)
            made += sittings.make(connection, _named(connection, force_code, area, found.new, today))
            all_found.append(found)
        convenings.look_again(connection, touched, today)
        _record(connection, made, all_found)
    return bool(touched)


def _pair(
    configuration: Configuration, area: str, panels: Sequence[Panel], planned: Sequence[PlannedSitting], today: date
) -> SittingChanges:
    """Plan one pair's sittings. Existing sittings are matched even beyond a horizon that became shorter."""
    theirs = [panel for panel in panels if panel.cps_area == area]
    existing = [each for each in planned if each.cps_area == area]
    until = max((each.day for each in existing), default=today)
    found = plan(existing, occurrences(theirs, today, until, configuration.calendar))
    return found._replace(new=[each for each in found.new if each.day <= last_day(each.panel, today)])


def _change(connection: Connection, found: SittingChanges, today: date) -> list[int]:
    """Write cancelled, moved and amended sittings, and return the ids of the affected cases."""
    touched: list[int] = []
    if found.cancelled:
        gone = [each.id for each in found.cancelled]
        sittings.cancel(connection, gone, today)
        touched += convenings.cases_at(connection, gone)
        convenings.end(connection, [EndedPlace(case_id, ConveningEnd.CANCELLED) for case_id in touched], today)
    changed = [*found.moved, *found.amended]
    if changed or found.ruled:
        sittings.amend(connection, [*changed, *found.ruled])
    if changed:
        touched += convenings.cases_at(connection, [each.id for each in changed])
    return touched


def _named(
    connection: Connection, force_code: str, area: str, new: Sequence[Occurrence], today: date
) -> list[NewSitting]:
    taken = sittings.refs_from(connection, force_code, today) if new else set()
    found = []
    for each in new:
        ref = reference(force_code, area, each.day, taken)
        taken.add(ref)
        rule = str(each.panel.timetable)
        found.append(
            NewSitting(ref, force_code, area, each.day, each.starts_at, terms(each.panel), rule, each.ruled_on)
        )
    return found


def _record(connection: Connection, made: Sequence[str], plans: Sequence[SittingChanges]) -> None:
    """Audit each change of a sitting."""
    happened = {
        "planned": made,
        "moved": [each.ref for each_pair in plans for each in each_pair.moved],
        "amended": [each.ref for each_pair in plans for each in each_pair.amended],
        "cancelled": [each.ref for each_pair in plans for each in each_pair.cancelled],
    }
    entries = (AuditEntry(Verb.ALTERATION, "sitting", ref, change) for change, refs in happened.items() for ref in refs)
    audit.record(connection, *entries)
