"""Who signed in at the proxy before Prefect's server, as a run of a form keeps it.

Prefect writes beside each run who created it, which nobody's request may name. The server puts the sign-in there: a
keyed digest of the address that the proxy's header names, since every reader of the pages sees it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tasks.platform import tokens

KIND = "USER"  # Prefect itself names automations and schedules alone
TOLD = "Casebeat-Sign-In"  # the header of each answer by which the server tells that it keeps who signed in


def mark_of_header(header: str) -> str:
    """Return the mark of the header that a server reads: another one's, or another signing secret's, is another."""
    return str(tokens.address_mark(header))


def read_from(header: str, theirs: Callable[..., Any]) -> Callable[..., Any]:
    """Return what Prefect's server asks for a run's creator: the person whom the header names, and else as before.

    `theirs` is what it asks itself.
    """
    from fastapi import Depends, Request  # noqa: PLC0415  with Prefect, whose import takes a second
    from prefect.server.schemas.core import CreatedBy  # noqa: PLC0415  as above

    def created_by(request: Request, before: Any = Depends(theirs)) -> CreatedBy | None:  # noqa: B008
        named = request.headers.getlist(header)
        if len(named) != 1 or not named[0].strip():
            return before  # type: ignore[no-any-return]
        return CreatedBy(id=tokens.address_mark(named[0]), type=KIND, display_value="signed in")

    return created_by


def mark_of(created_by: Any) -> UUID | None:
    """Return the mark of who signed in and created a run; None where nobody did."""
    return created_by.id if created_by is not None and created_by.type == KIND else None
