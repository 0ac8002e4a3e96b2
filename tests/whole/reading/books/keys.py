"""The keys of suspects and victims in a random book, and accounts in Slack: of some, and the same for several.

They follow from a reference, so that a book is otherwise as it would be without.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.whole.reading.sheets import Row

COLUMNS = ("suspect_key", "victim_key")
PEOPLE = 5  # so few that cases share them, also cases of sources whose keys cannot be compared


def account_of(contact_ref: str) -> str | None:
    """Give a contact's account in Slack: one in four has any, and few share one."""
    drawn = int(sha256(f"account {contact_ref}".encode()).hexdigest()[:8], 16)
    return f"U{drawn % 40:09}" if drawn % 4 == 0 else None


def keys_of(case: Row) -> Row:
    """Give the keys of a case, each in two of three cases."""
    found: Row = {}
    for column in COLUMNS:
        drawn = int(sha256(f"{column} {case['case_ref']}".encode()).hexdigest()[:8], 16)
        found[column] = f"{column[0]}{drawn % PEOPLE}".encode().hex() * 8 if drawn % 3 else None
    return found
