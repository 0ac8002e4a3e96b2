"""The case of each row (specification 2, and linked cases of 3), and the words of specification 3 about a case."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.whole.reading.codes import BREACHES, EITHER, codes, kind_of
from tests.whole.reading.sheets import Key, Row
from tests.whole.reading.store import Status, Store, root_of

if TYPE_CHECKING:
    from datetime import date

AREA_OF = {"43": "Thames and Chiltern", "45": "South East", "46": "South East", "44": "Wessex"}
LIVE = {"pending", "waiting_third_party"}


@dataclass
class Facts:
    """The facts of one case among its linked ones."""

    case: Row
    root: str | None
    principal: bool
    rows: dict[str, list[Row]]
    linked_rows: dict[str, list[Row]]
    cps: list[Row]
    status: Status
    store: Store
    kept: bool
    barred: frozenset[str]
    restricted: bool = False
    declassified_on: date | None = None

    def own(self, name: str) -> list[Row]:
        """Give the case's own supplied rows of a file."""
        return self.rows.get(name, [])

    def every(self, name: str) -> list[Row]:
        """Give the supplied rows of a file of any linked case."""
        return self.linked_rows.get(name, [])

    def earliest(self, column: str) -> date | None:
        """Give the earliest known day of a column of the CPS cases."""
        return min((row[column] for row in self.cps if row[column]), default=None)

    @property
    def key(self) -> Key:
        """Force and reference."""
        return self.case["force_code"], self.case["case_ref"]

    @property
    def risk(self) -> str | None:
        """The risk grade, None when unknown."""
        return self.case["risk"]

    @property
    def kind(self) -> str:
        """The classification."""
        return kind_of(self.case)

    @property
    def open(self) -> bool:
        """Return whether the case is not finalised."""
        return not self.case["finalised_on"]

    @property
    def in_scope(self) -> bool:
        """Return whether the case is open and stalking."""
        return in_scope(self.case)

    @property
    def stalking_or_harassment(self) -> bool:
        """Return whether the case is open and either."""
        return self.open and self.kind != "other"

    @property
    def clock_case(self) -> bool:
        """Return whether the case is open and either, or has an offence code of either."""
        return self.open and (self.kind != "other" or bool(codes(self.case["offence_codes"]) & EITHER))

    @property
    def charged_on(self) -> date | None:
        """The day of the charge."""
        return self.earliest("charged_on")

    @property
    def charged(self) -> bool:
        """Return whether a day of charge is known."""
        return self.charged_on is not None

    @cached_property
    def charged_codes(self) -> set[str]:
        """The codes charged, of the CPS cases with a day of charge."""
        return set().union(*(codes(row["charged_codes"]) for row in self.cps if row["charged_on"]))

    @property
    def codes_seen(self) -> bool:
        """Return whether the CPS cases with a day of charge come from a file with the charged codes."""
        return all(self.store.sees(row, "cps_cases", "charged_codes") for row in self.cps if row["charged_on"])

    @property
    def pha_charged(self) -> bool:
        """Return whether a stalking or harassment offence is charged, other than the breach of an order."""
        return self.charged and bool(self.charged_codes & (EITHER - BREACHES))

    @property
    def status_day(self) -> date:
        """The status day."""
        return self.status.changed_on or self.status.since

    def since_status(self, recorded: date | None) -> bool:
        """Return whether a recorded day is not empty and not before the status day."""
        if recorded is None:
            return False
        return (self.status.from_the_first and not self.status.changed_on) or recorded >= self.status_day

    def decided(self, referral: Row) -> bool:
        """Return whether a referral is decided, or whether it is cannot be seen."""
        return bool(referral["decision_on"]) or not self.store.sees(referral, "referrals", "decision_on")

    @cached_property
    def live_actions(self) -> list[Row]:
        """The supplied actions still to be done."""
        return [row for row in self.own("actions") if row["status"] in LIVE]

    @cached_property
    def police_owe_plan(self) -> bool:
        """Return whether police owe a live action of an action plan."""
        return any(row["source"] == "action_plan" and row["owner_agency"] == "police" for row in self.live_actions)

    @property
    def prosecutor(self) -> str | None:
        """The allocated prosecutor's reference."""
        return next((row["prosecutor_ref"] for row in self.cps if row["prosecutor_ref"]), None)

    @property
    def cps_spoc(self) -> str | None:
        """The CPS SPOC whom the rows of CPS name."""
        return next((row["spoc_ref"] for row in self.cps if row["spoc_ref"]), None)


def in_scope(case: Row) -> bool:
    """Return whether a case is open and stalking."""
    return not case["finalised_on"] and kind_of(case) == "stalking"


def area_of(case: Row) -> str:
    """Give the case's CPS Area."""
    return (case["cps_area"] or AREA_OF[case["force_code"]]).replace("&", "and").lower()


def _rank(case: Row) -> tuple[Any, ...]:
    shut = bool(case["finalised_on"])
    return not in_scope(case), shut, case["opened_on"], case["case_ref"], case["force_code"]


def key_of(case: Row) -> Key:
    """Give a case's force and reference."""
    return case["force_code"], case["case_ref"]


def kept(case: Row, group: list[Row], store: Store) -> bool:
    """Return whether a case's orders are watched: if transferred, until a case of another force takes them up."""

    def concerned(each: Row) -> bool:
        return kind_of(each) != "other" or key_of(each) in store.declassified

    gone = case["finalised_reason"] == "transferred"
    elsewhere = [each for each in group if each["force_code"] != case["force_code"] and concerned(each)]
    taken = any(each["finalised_reason"] != "transferred" for each in elsewhere)
    return concerned(case) and not (gone and taken)


def barred(group: list[Row], store: Store) -> frozenset[str]:
    """Give who must hear nothing of linked cases: those named in any, and whoever is the same person as one.

    People are the same by reference or e-mail address, in any case of letters, or by account in Slack, and as somebody
    who is the same as they.
    """
    written = {ref for case in group for ref in case["barred_refs"] or ()}
    named = {ref.lower() for ref in written}
    contacts = store.rows("contacts")
    while True:
        known = [row for row in contacts if row["contact_ref"].lower() in named]
        emails = {row["email"].lower() for row in known if row["email"]}
        accounts = {row.get("slack_user_id") for row in known} - {None, ""}
        more = {
            row["contact_ref"].lower()
            for row in contacts
            if (row["email"] or "").lower() in emails or row.get("slack_user_id") in accounts
        }
        if more <= named:
            return frozenset({*written, *(row["contact_ref"] for row in known)})
        named |= more


def assemble(store: Store) -> list[Facts]:
    """Gather each case's facts: rows by URN go to the principal, CPS rows by URN to every linked case."""
    groups: dict[Key, list[Row]] = defaultdict(list)
    for case in store.cases():
        root = root_of(case["urn"])
        groups[(root,) if root else key_of(case)].append(case)
    for group in groups.values():
        group.sort(key=_rank)
    owned: dict[Key, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    cps: dict[Key, list[Row]] = defaultdict(list)
    for name in ("incidents", "actions", "reviews", "referrals", "orders", "pleas"):
        for row in store.supplied(name):
            if row.get("urn"):
                group = groups.get((root_of(row["urn"]) or "",), [])
                own = [case for case in group if name == "orders" and kept(case, group, store)]
                for first in (own or group)[:1]:  # nobody's, until a case has the URN
                    owned[key_of(first)][name].append(row)
            else:
                owned[key_of(row)][name].append(row)
    for row in store.supplied("cps_cases"):
        cps[(root_of(row["urn"]) or "",) if row["urn"] else key_of(row)].append(row)
    return [_facts(case, group, owned, cps, store) for group in groups.values() for case in group]


def _facts(
    case: Row,
    group: list[Row],
    owned: dict[Key, dict[str, list[Row]]],
    cps: dict[Key, list[Row]],
    store: Store,
) -> Facts:
    key, root = key_of(case), root_of(case["urn"])
    linked: dict[str, list[Row]] = defaultdict(list)
    for each in group:
        for name, rows in owned[key_of(each)].items():
            linked[name].extend(rows)
    return Facts(
        case=case,
        root=root,
        principal=group[0] is case,
        rows=owned[key],
        linked_rows=linked,
        cps=cps[key] + (cps[(root,)] if root else []),
        status=store.statuses[key],
        store=store,
        kept=kept(case, group, store),
        barred=barred(group, store),
        restricted=any(each["restricted"] for each in group),
        declassified_on=store.declassified.get(key),
    )
