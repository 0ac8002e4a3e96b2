"""Files that are left out, as letters have them: their facts are of the day of the last extract with them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from config.forces import FORCES, force_name
from models.queries.intake.source_files import FileOfSource
from models.queries.obligations.obligation_views import ObligationView, Reader
from tasks.intake.files import FILES
from tasks.intake.staging import describe
from tasks.messages.contexts import FactsAsOf

_OF_CASES = frozenset(name for name, file in FILES.items() if describe(file).names_a_case)


def facts_as_of(
    left_out: Iterable[FileOfSource], matters: Iterable[ObligationView], leads: Reader | None = None
) -> tuple[FactsAsOf, ...]:
    """Return which facts of these matters' forces, and of those that the reader leads, are of an earlier day."""
    forces = {matter.force_code for matter in matters if matter.case_ref is not None} | _led(leads)
    found: dict[tuple[date, tuple[str, ...]], list[str]] = defaultdict(list)
    for file in left_out:
        told = tuple(code for code in file.covers if code in forces)
        if told and file.sent_on and file.file in _OF_CASES:
            found[file.sent_on, told].append(file.file)
    return tuple(
        FactsAsOf(day=on, places=tuple(map(force_name, told)), files=tuple(dict.fromkeys(files)))
        for (on, told), files in sorted(found.items())
    )


def _led(leads: Reader | None) -> set[str]:
    if leads is None:
        return set()
    return {*leads.force_codes, *(code for code, force in FORCES.items() if force.cps_area in leads.cps_areas)}
