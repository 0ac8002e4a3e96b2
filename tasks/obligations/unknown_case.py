"""The refusal for a case that is not stored, or that the person who asks must hear nothing of: both read the same."""

from sqlalchemy import Connection

from models.errors import Refuse
from models.queries.obligations import acknowledgements, explain
from models.queries.people import disclosure
from models.rules.references import CaseReference


def unknown_case(connection: Connection, case: CaseReference) -> Refuse:
    """Build the refusal, with cases of a similar reference, since many case references begin with a force code."""
    meant = similar(connection, case)
    return Refuse(f"There is no case {case} in the book. Write FORCE/CASE_REF.{meant} Nothing was done.")


def similar(connection: Connection, case: CaseReference) -> str:
    """Return the question whether another case was meant, a space before it; empty where none is similar."""
    meant = explain.similar_references(connection, case)
    return f" Did you mean {' or '.join(meant)}?" if meant else ""


def known_case(connection: Connection, case: CaseReference, by: str) -> int:
    """Return the id of a case. Raises Refuse if it is not in the book, or if the person `by` is barred from it."""
    found = acknowledgements.case_id(connection, *case)
    if found is None or disclosure.is_barred(connection, found, by):
        raise unknown_case(connection, case)
    return found
