"""Case references as typed on the command line."""

from models.errors import Refuse
from models.rules.references import CaseReference


def case_reference(text: str) -> CaseReference:
    """Parse FORCE/CASE_REF. The force is the part before the first slash; a case reference may hold more slashes."""
    force_code, _, case_ref = text.strip().partition("/")
    if not force_code or not case_ref:
        raise Refuse(
            f'"{text}" does not name a case. Write FORCE/CASE_REF, as 45/1234, or 45/45/1234 where the case reference '
            "itself begins with 45/. Nothing was done."
        )
    return CaseReference(force_code, case_ref)
