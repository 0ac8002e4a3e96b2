"""The people of a book that is an example."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.whole.reading.books.extracts import Source
from tests.whole.reading.people import People
from tests.whole.reading.sheets import Sheet
from tests.whole.reading.store import Store

NICHE = Source("niche-45", "police", ["45"])


def people_of(*rows: dict[str, Any], away: tuple[str, ...] = ()) -> People:
    store = Store()
    usual = {"agency": "police", "roles": ["officer"], "force_code": ["45"], "cps_area": []}
    usual |= {"deputy_ref": None, "active_from": None, "active_to": None, "restricted_access": False}
    contacts = [((row["contact_ref"],), usual | row, False) for row in rows]
    day = date(2026, 3, 2)
    absences = [((ref,), {"contact_ref": ref, "from_on": day, "to_on": day}, False) for ref in away]
    files = {"contacts": Sheet.whole("contacts", contacts), "absences": Sheet.whole("absences", absences)}
    store.load(NICHE, "snapshot", day, files)
    return People(store, day)
