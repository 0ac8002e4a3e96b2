"""Writes about cases that are before a sitting whose chair must hear nothing of them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from config.sittings import ConveningEnd
from models.queries.people.barring import BARRED, BARRING_IDS
from models.queries.reviews.convening_ends import end


def end_barred(connection: Connection, force_codes: Sequence[str], today: date) -> list[int]:
    """End the convenings, today's included, of cases to a sitting whose chair is barred; return the cases' ids."""
    return end(
        connection,
        f"""s.force_code = any(%(forces)s) and s.day >= %(today)s and v.case_id in ({BARRING_IDS})
            and exists (select from cases c where c.id = v.case_id and s.chair_ref = any({BARRED}))""",
        {"forces": list(force_codes)}, ConveningEnd.BARRED, today,
    )  # fmt: skip
