"""Files that are left out, as letters have them: their facts are of the day of the last extract with them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from config.forces import FORCES, force_name
from models.queries.intake.source_files import FileOfSource
from tasks.intake.files import FILES
from tasks.intake.staging import describe
from tasks.messages.contexts import FactsAsOf, ObligationItem
from tasks.obligations import feeds
from tasks.platform.configuration import Configuration

_OF_CASES = frozenset(name for name, file in FILES.items() if describe(file).names_a_case)


def facts_as_of(
    left_out: Iterable[FileOfSource],
    items: Iterable[ObligationItem],
    force_codes: Iterable[str] = (),
    cps_areas: Iterable[str] = (),
) -> tuple[FactsAsOf, ...]:
    """Return which facts of these items' forces, and of those that the reader leads, are of an earlier day."""
    forces = {item.reference.partition("/")[0] for item in items if item.of_case}
    forces |= {*force_codes, *_forces_of(cps_areas)}
    found: dict[tuple[date, tuple[str, ...]], list[str]] = defaultdict(list)
    for file in left_out:
        told = tuple(code for code in file.covers if code in forces)
        if told and file.sent_on and file.file in _OF_CASES:
            found[file.sent_on, told].append(file.file)
    return tuple(
        FactsAsOf(day=on, places=tuple(map(force_name, told)), files=tuple(dict.fromkeys(files)))
        for (on, told), files in sorted(found.items())
    )


def facts_of_force(configuration: Configuration, connection: Connection, force_code: str) -> tuple[FactsAsOf, ...]:
    """Return which facts of a force are of an earlier day."""
    return facts_as_of(feeds.left_out(configuration, connection), (), [force_code])


def _forces_of(cps_areas: Iterable[str]) -> set[str]:
    areas = set(cps_areas)
    return {code for code, force in FORCES.items() if force.cps_area in areas}
