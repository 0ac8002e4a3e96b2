"""The context of messages about a case that was transferred to another force."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class TransferContext:
    """A transferred case; without a reference, one that this reader may not see."""

    day: date
    reader: str  # the reader's role, or operations
    asks: str  # whose SPOC to ask about a restricted case: police, cps, operations
    reference: str  # in the force that it came from
    urn: str | None
    restricted: int  # 1 without a reference, of a restricted case; else operations read that it needs an addressee
    own: bool  # whether the reader's force is the one that it came from
    force: str  # that force, by name and code
    on: date | None  # the day on which it was finalised there
    there: tuple[str, ...]  # the cases of the same URN in other forces
    kept_there: bool  # whether its orders are watched by one of them
    orders: int  # that have not expired
    first_on: date | None  # the first day on which one expires
