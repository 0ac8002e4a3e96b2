"""Days, months and cases as people type them."""

from datetime import date, datetime

import pendulum

from config.days.london import at_london
from models.errors import Refuse
from models.rules.references import CaseReference
from models.rules.report import months
from models.rules.report.months import Month


def read_day(text: str | None) -> date | None:
    """Parse YYYY-MM-DD or DD/MM/YYYY; None if nothing was typed. Raises Refuse with a sentence for anything else."""
    if text is None:
        return None
    for form in ("YYYY-MM-DD", "DD/MM/YYYY"):
        try:
            return pendulum.from_format(text, form).date()
        except ValueError:
            continue
    raise Refuse(f'"{text}" is not a day. Write it as 2026-03-16 or 16/03/2026. Nothing was done.')


def read_as_of(text: str | None) -> datetime | None:
    """Parse a day as its 08:00 in London; None if nothing was typed. `flows.clock` decides whether it may be used."""
    day = read_day(text)
    return None if day is None else at_london(day)


def read_month(text: str) -> Month:
    """Parse YYYY-MM. Raises Refuse with a sentence for anything else."""
    try:
        return months.read_month(text)
    except ValueError:
        raise Refuse(f'"{text}" is not a month. Write it as 2026-10. Nothing was done.') from None


def case_reference(text: str) -> CaseReference:
    """Parse FORCE/CASE_REF. The force is the part before the first slash; a case reference may hold more slashes."""
    force_code, _, case_ref = text.strip().partition("/")
    if not force_code or not case_ref:
        raise Refuse(
            f'"{text}" does not name a case. Write FORCE/CASE_REF, as 45/1234, or 45/45/1234 where the case reference '
            "itself begins with 45/. Nothing was done."
        )
    return CaseReference(force_code, case_ref)
