"""The case of each row (specification 2, and linked cases of 3), and the words of specification 3 about a case."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.whole.reading.codes import BREACHES, EITHER, codes, kind_of
from tests.whole.reading.sheets import Key, Row
from tests.whole.reading.store import Store
from tests.whole.reading.suspects import Defendant, Suspect, defendants_of, in_custody, suspects_of

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
    store: Store
    kept: bool
    barred: frozenset[str]
    restricted: bool = False
    declassified_on: date | None = None
    elsewhere: bool = False  # the defendants of its URN are another case's
    everyone: list[Facts] = field(default_factory=list, repr=False)

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

    @cached_property
    def kind(self) -> str:
        """The classification."""
        return kind_of(self.case)

    @cached_property
    def suspect_keys(self) -> set[str]:
        """The keys by which its suspects are known in other cases, in lower case."""
        return {key.lower() for each in self.suspects if (key := each.row["suspect_key"])}

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
        return has_clock(self.case)

    @property
    def charged_on(self) -> date | None:
        """The day of the charge: the CPS row's, else that of police."""
        return self.earliest("charged_on") or self.case["charged_on"]

    @property
    def charged(self) -> bool:
        """Return whether a day of charge is known."""
        return self.charged_on is not None

    @property
    def _charges(self) -> list[Row]:
        """The CPS cases with a day of charge; where police alone give it, every one."""
        return [row for row in self.cps if row["charged_on"]] or (self.cps if self.charged else [])

    @cached_property
    def charged_codes(self) -> set[str]:
        """The codes charged."""
        return set().union(*(codes(row["charged_codes"]) for row in self._charges))

    @property
    def codes_seen(self) -> bool:
        """Return whether the file with the charged codes is sent; without a CPS case, by any source of CPS."""
        if self.charged and not self.cps:
            return self.store.sees_any("cps_cases", "charged_codes", ("cps",), self.case["force_code"])
        return all(self.store.sees(row, "cps_cases", "charged_codes") for row in self._charges)

    @property
    def pha_charged(self) -> bool:
        """Return whether a stalking or harassment offence is charged, other than the breach of an order."""
        return self.charged and bool(self.charged_codes & (EITHER - BREACHES))

    @cached_property
    def suspects(self) -> list[Suspect]:
        """The suspects."""
        return suspects_of(self.case, self.own("suspects"), self.charged_on, self.store)

    @cached_property
    def defendants(self) -> list[Defendant]:
        """The defendants."""
        return defendants_of(self.own("defendants"), self.cps, self.store, elsewhere=self.elsewhere)

    def in_custody(self, one: Defendant) -> bool:
        """Return whether a defendant is in custody."""
        return in_custody(one, self.defendants, self.suspects, self.charged_on)

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


def has_clock(case: Row) -> bool:
    """Return whether a case is open and either, or has an offence code of either."""
    either = kind_of(case) != "other" or bool(codes(case["offence_codes"]) & EITHER)
    return not case["finalised_on"] and either


def area_of(case: Row) -> str:
    """Give the case's CPS Area."""
    return (case["cps_area"] or AREA_OF[case["force_code"]]).replace("&", "and").lower()


def rank(case: Row) -> tuple[Any, ...]:
    """Order linked cases: the principal is the first."""
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
