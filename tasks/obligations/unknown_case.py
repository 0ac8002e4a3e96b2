"""A case that is not in the book: what the person who asked for it is told."""

from sqlalchemy import Connection

from models.errors import Refuse
from models.queries.obligations import explain


def unknown_case(connection: Connection, force_code: str, case_ref: str) -> Refuse:
    """The refusal, with the cases that may have been meant: many a case reference itself begins with a force's code."""
    typed = f"{force_code}/{case_ref}"
    meant = explain.by_reference(connection, typed)
    ask = f" Did you mean {' or '.join(meant)}?" if meant else ""
    return Refuse(f"There is no case {typed} in the book. Write FORCE/CASE_REF.{ask} Nothing was done.")
