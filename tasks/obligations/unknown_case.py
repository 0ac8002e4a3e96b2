"""A case that is not in the book: what the person who asked for it is told."""

from sqlalchemy import Connection

from models.errors import Refuse
from models.queries.obligations import explain
from models.rules.references import CaseReference


def unknown_case(connection: Connection, case: CaseReference) -> Refuse:
    """The refusal, with the cases that may have been meant: many a case reference itself begins with a force's code."""
    meant = explain.by_reference(connection, str(case))
    ask = f" Did you mean {' or '.join(meant)}?" if meant else ""
    return Refuse(f"There is no case {case} in the book. Write FORCE/CASE_REF.{ask} Nothing was done.")
