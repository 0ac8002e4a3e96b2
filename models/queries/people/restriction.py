"""Which cases are restricted, as the only expressions of it: no other statement reads a case's own mark.

Of linked cases, if one is restricted, all are: whatever is worked out from them together (the pattern, rows given by
URN, a review's day) would show what the restricted one holds. A case that was finalised or that its source no longer
sends protects the others all the same.
"""

from sqlalchemy import Connection

from models.queries.driver import scalar
from models.queries.people.barring import BARRING_IDS, BARS

# Whether a case `c` is restricted. A case without a URN is linked with itself alone.
RESTRICTED = """(c.restricted or exists (
    select from cases linked where linked.urn_key_id = c.urn_key_id and linked.restricted))"""
# Whether it is so only because one that is linked with it is.
BY_LINK = f"({RESTRICTED} and not c.restricted)"
# The ids of all restricted cases. They are few: a statement that begins with them, or that joins many cases and leaves
# them out, reads them once, and PostgreSQL estimates what is left.
RESTRICTED_IDS = """
select id from cases where restricted union
select linked.id from cases marked join cases linked on linked.urn_key_id = marked.urn_key_id where marked.restricted"""
# Whether a case `c` is named in no place that several people read: a restricted one, and one that bars anybody.
KEPT_APART = f"({RESTRICTED} or {BARS})"
KEPT_APART_IDS = f"{RESTRICTED_IDS} union {BARRING_IDS}"


def is_kept_apart(connection: Connection, case_id: int) -> bool:
    """Return whether a case is named in no place that several people read."""
    return bool(scalar(connection, f"select {KEPT_APART} from cases c where c.id = %s", (case_id,)))
