"""Every kind of person who might try a door, and who of them may know of a hidden case by the specification alone."""

from collections.abc import Collection
from typing import NamedTuple

SURREY, HAMPSHIRE, SOUTH_EAST, WESSEX = "45", "44", "South East", "Wessex"
NOBODY = "NOBODY"  # a reference that no contact has
DEPUTY, AWAY, LEFT, CHAIR = "DEP", "SUP2", "GONE", "CHAIR"
SAME_ADDRESS, SAME_SLACK = "SPOC3", "LEAD2"  # second contacts of whoever is barred first
KINDS = {  # agency, role, force or Area
    "OIC1": ("police", "officer", SURREY),
    "OIC2": ("police", "officer", SURREY),
    "OWN1": ("police", "officer", SURREY),
    "OWN2": ("police", "officer", SURREY),
    "SUP1": ("police", "supervisor", SURREY),
    AWAY: ("police", "supervisor", SURREY),
    DEPUTY: ("police", "officer", SURREY),
    "SPOC1": ("police", "spoc", SURREY),
    "SPOC2": ("police", "spoc", SURREY),
    SAME_ADDRESS: ("police", "spoc", SURREY),
    "LEAD1": ("police", "lead", SURREY),
    SAME_SLACK: ("police", "lead", SURREY),
    CHAIR: ("police", "lead", SURREY),
    LEFT: ("police", "spoc", SURREY),
    "XOFF": ("police", "officer", HAMPSHIRE),
    "XSPOC": ("police", "spoc", HAMPSHIRE),
    "PRO1": ("cps", "prosecutor", SOUTH_EAST),
    "PRO2": ("cps", "prosecutor", SOUTH_EAST),
    "MAN1": ("cps", "legal_manager", SOUTH_EAST),
    "CSPOC1": ("cps", "spoc", SOUTH_EAST),
    "CLEAD1": ("cps", "lead", SOUTH_EAST),
    "XCSPOC": ("cps", "spoc", WESSEX),
}
EVERYBODY = (*KINDS, NOBODY)
MAY_BE_BARRED = tuple(ref for ref in KINDS if ref not in {SAME_ADDRESS, SAME_SLACK, LEFT} and ref[0] != "X")
IN_SLACK = frozenset({"OIC1", "SPOC1", "CSPOC1", SAME_SLACK})
_BY_PLACE = {"spoc", "lead", "legal_manager"}


class Guard(NamedTuple):
    """How a case is kept from people: by barring some, as its source lists them, or by restricting it to others."""

    listed: tuple[str, ...] = ()
    first: str = ""
    barred: frozenset[str] = frozenset()  # all contacts of those who are listed
    access: frozenset[str] | None = None  # who may read of a restricted case; None where it is not restricted

    def keeps_from(self, ref: str) -> bool:
        """Whether this contact may not know of the case, whoever they are in it."""
        return ref in self.barred or (self.access is not None and ref not in self.access)


class Circle(NamedTuple):
    """Whom a case names."""

    officer: str
    supervisor: str
    prosecutor: str
    owner: str

    def concerns(self, ref: str, *chairs: str) -> bool:
        """Whether the case concerns them, or may do so as its sitting's chairs."""
        if ref in {NOBODY, LEFT}:
            return False
        _, role, place = KINDS[ref]
        named = {*self, *chairs}
        stands_in = ref == DEPUTY and AWAY in named
        return ref in named or stands_in or (role in _BY_PLACE and place in {SURREY, SOUTH_EAST})


def unknowing(circle: Circle, guard: Guard, chair: str) -> list[str]:
    """Those who may not know of the case."""
    return [ref for ref in EVERYBODY if guard.keeps_from(ref) or not circle.concerns(ref, chair)]


def barring(first: str, *others: str, by_other_contact: bool) -> Guard:
    """A list of barred people, the first of them under the reference of their second contact where so asked."""
    doubles = {SAME_ADDRESS} if by_other_contact else {SAME_ADDRESS, SAME_SLACK}
    named = SAME_ADDRESS if by_other_contact else first
    return Guard((named, *others), first, frozenset({first, *others, *doubles}))


def contacts(guard: Guard, newcomers: Collection[str] = ()) -> list[dict[str, str]]:
    """The rows of all contacts, of whom newcomers have no known first day.

    Two of them share an address, or an account in Slack, with whoever is barred first.
    """
    rows = {ref: _row(ref) for ref in KINDS}
    for ref, row in rows.items():
        row["restricted_access"] = "yes" if guard.access is None or ref in guard.access else "no"
        row["active_from"] = "" if ref in newcomers else "2026-01-05"
    rows[LEFT]["active_to"] = "2026-03-01"
    rows[AWAY]["deputy_ref"] = DEPUTY
    if guard.barred:
        _share(rows, guard)
    return list(rows.values())


def _share(rows: dict[str, dict[str, str]], guard: Guard) -> None:
    rows[SAME_ADDRESS]["email"] = rows[guard.first]["email"].upper()
    if SAME_SLACK in guard.barred:
        rows[guard.first]["slack_user_id"] = rows[SAME_SLACK]["slack_user_id"]


def _row(ref: str) -> dict[str, str]:
    agency, role, place = KINDS[ref]
    domain = "surrey.police.uk" if agency == "police" else "cps.gov.uk"
    return {
        "contact_ref": ref, "agency": agency, "name": f"Pat {ref.capitalize()}", "email": f"{ref.lower()}@{domain}",
        "roles": role, "force_code": place if agency == "police" else "", "cps_area": place if agency == "cps" else "",
        "slack_user_id": f"U0{ref}" if ref in IN_SLACK else "", "deputy_ref": "", "active_to": "",
    }  # fmt: skip
