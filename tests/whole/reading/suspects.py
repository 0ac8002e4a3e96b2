"""The suspects and defendants of a case (specification 3): rows of their own files, else the row of the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.whole.reading.noticed import Status
from tests.whole.reading.sheets import COLUMNS, LASTING, Row
from tests.whole.reading.store import SENDER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tests.whole.reading.store import Store

UNREAD = "charged_on"  # a case's own day of charge is not its suspects'


@dataclass
class Suspect:
    """One suspect: its columns, those that its file lacks read from the case's row."""

    subject: str
    row: Row
    status: Status
    put_off: list[date]  # on these days intake saw the end of bail move to a later day
    charged: bool  # as the rules of bail ask
    charged_on: date | None  # its own, where it has a row

    def on_bail(self) -> bool:
        """Return whether bail is known, whether charged or not."""
        return self.row["suspect_status"] == "bail"

    def free(self) -> bool:
        """Return whether the suspect is known, and free without bail."""
        return self.row["suspect_status"] in ("rui", "voluntary")

    def wanted(self) -> bool:
        """Return whether police look for the suspect."""
        return self.row["suspect_status"] in ("at_large", "wanted")


def filled(row: Row, name: str, replaced: Row, store: Store) -> Row:
    """Give a row with what its file lacks from the row that it replaces, but for values that it keeps."""
    found = dict(row)
    for column in COLUMNS[name]:
        kept = column in LASTING[name] and row[column] is not None
        if column in replaced and column != UNREAD and not kept and not store.sees(row, name, column):
            found[column] = replaced[column]
    return found


def suspects_of(case: Row, rows: list[Row], charged_on: date | None, store: Store) -> list[Suspect]:
    """Give the suspects of a case: its own row, where it has no others."""
    key = (case["force_code"], case["case_ref"])
    noticed = store.noticed
    moved = noticed.put_off.get(("cases", key), [])
    if not rows:
        return [Suspect("case", case, noticed.statuses["cases"][key], moved, bool(charged_on), None)]
    found = []
    for row in rows:
        ref = (row["suspect_ref"],)
        own = store.sees(row, "suspects", UNREAD)
        charged = bool(row[UNREAD]) if own else bool(charged_on) and len(rows) == 1
        ends = store.sees(row, "suspects", "bail_ends_on")
        found.append(
            Suspect(
                f"suspect:{ref[0]}",
                filled(row, "suspects", case, store),
                noticed.statuses["suspects"][ref],
                noticed.put_off.get(("suspects", ref), []) if ends else moved,
                charged,
                row[UNREAD],
            )
        )
    return found


@dataclass
class Defendant:
    """One defendant: whether in custody as CPS say, and until when at most."""

    subject: str
    in_custody: bool | None
    limit: date | None


def _of_cps(rows: Iterable[Row]) -> Row:
    """Give what the CPS rows of a case say of its one defendant."""
    said = [row["in_custody"] for row in rows if row["in_custody"] is not None]
    limit = min((row["ctl_expires_on"] for row in rows if row["ctl_expires_on"]), default=None)
    return {"in_custody": any(said) if said else None, "ctl_expires_on": limit}


def defendants_of(rows: list[Row], cps: list[Row], store: Store, *, elsewhere: bool) -> list[Defendant]:
    """Give the defendants of a case; `elsewhere` says that those of its URN are another case's."""
    replaced = _of_cps(cps)
    if not rows:
        return [] if elsewhere else [Defendant("case", replaced["in_custody"], replaced["ctl_expires_on"])]
    each = [(row["defendant_ref"], filled(row, "defendants", replaced, store)) for row in rows]
    return [Defendant(f"defendant:{ref}", row["in_custody"], row["ctl_expires_on"]) for ref, row in each]


def held(suspects: list[Suspect]) -> bool:
    """Return whether a suspect of the case is in custody, as police say."""
    return any(each.row["suspect_status"] == "custody" for each in suspects)


def in_custody(one: Defendant, defendants: list[Defendant], suspects: list[Suspect], charged_on: date | None) -> bool:
    """Return whether a defendant is in custody, as either agency says; a status of before the charge says nothing."""
    if one.in_custody or held(suspects):
        return True
    if one.in_custody is False:
        return False
    known = any(each.row["suspect_status"] and each.status.is_known_since(charged_on) for each in suspects)
    return bool(one.limit) and (len(defendants) > 1 or not known)


def keys_of(suspects: list[Suspect], case: Row) -> set[tuple[str, str]]:
    """Give the keys of the suspects, each with the source that made it."""
    return {(case[SENDER], each.row["suspect_key"].lower()) for each in suspects if each.row["suspect_key"]}
