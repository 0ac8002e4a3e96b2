"""Blind is not done (specification 2, and *needs* of 3): which columns could tell that a duty is done, and are sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from tests.whole.reading.sheets import Row

if TYPE_CHECKING:
    from tests.whole.reading.facts import Facts
    from tests.whole.reading.store import Store

NEEDS = {  # rule: the columns that end it
    "no-progress": "",  # takes a referral for decided where it cannot be seen
    "charging-decision": "referrals.decision_on",
    "awaiting-charge": "cps_cases.charged_on",
    "summary-time-limit": "cps_cases.charged_codes",
    "time-limit-unknown": "cps_cases.charged_codes cases.last_act_on incidents.occurred_on",
    "charge-code-unknown": "cps_cases.charged_codes",
    "bail-end-unknown": "cases.bail_ends_on",
    "custody-limit-unknown": "cps_cases.ctl_expires_on",
    "why-not-stalking": "cases.why_not_stalking_on",
    "charge-not-stalking": "cps_cases.not_stalking_reason_on",
    "referral-checklist": "referrals.decision_on referrals.checklist_missing",
    "pin-issued": "cases.pin_withdrawn_on",
    "risk-assessment": "cases.risk_assessed_on",
    "victim-contact": "cases.victim_contacted_on",
    "plea": "pleas.victim_consulted_on pleas.rationale_recorded_on pleas.spoc_reviewed_on",
    "restraining-order": "orders.victim_views_on orders.decided_on",
    "spo-considered": "cases.spo_considered_on",
    "order-expiry": "orders.renewal_decided_on",
    "order-served": "orders.served_on",
    "order-told": "orders.victim_told_on",
    "spo-notification": "orders.notified_on",
    "breach-unanswered": "cases.risk_assessed_on incidents.breach_decided_on",
    "advocate-referral": "cases.advocate_referred_on",
    "bail-views": "cases.bail_views_on",
    "release-review": "cases.release_reviewed_on",
    "victim-told": "cases.victim_told_on",
    "nfa-review": "cases.nfa_reviewed_on cases.nfa_victim_told_on",
    "closed-silently": "reviews.police_attended reviews.cps_attended",
}
CODES = "cps_cases.charged_codes"  # of a charge that is known: by itself it ends only the duty to ask for it
KEEPERS = {"cases": ("police",), "incidents": ("police",), "cps_cases": ("cps",), "pleas": ("cps",)}
BEGINS = {  # rule: the columns that begin it, where their values do not stay
    "pin-issued": "cases.pin_issued_on",
    "breach-unanswered": "incidents.breach",
    **dict.fromkeys(("restraining-order", "charge-code-unknown", "custody-limit-unknown"), "cps_cases.charged_on"),
    "charge-not-stalking": "cps_cases.charged_on cps_cases.charged_codes",
}
IN_PARTS = {"plea", "restraining-order", "breach-unanswered", "nfa-review"}  # what can be seen is asked
IN_PLACE = {"cases": "suspects", "cps_cases": "defendants"}  # whose rows stand in the place of a case's own
ELSEWHERE = {  # the rules told by the rows of another file, of whichever source of these agencies
    "restraining-order": ("police", "cps"),
    "closed-silently": ("police", "cps"),
    "time-limit-unknown": ("police",),
}


def seen(rule: str, facts: Facts, row: Row | None = None) -> frozenset[str]:
    """Give those columns that a rule needs and that are sent, of a case, or of one of its rows."""
    found = set()
    for need in NEEDS.get(rule, "").split():
        name, _, column = need.partition(".")
        if name == "cases":
            sent = facts.store.sees(facts.case, name, column) or _of_own(facts, row, "suspects", column)
        elif name == "cps_cases":
            own = _of_own(facts, row, "defendants", column)
            sent = facts.codes_seen if column == "charged_codes" else own or _of_a_charge(rule, facts, row, column)
        elif row is not None:
            sent = facts.store.sees(row, name, column)
        else:
            sent = facts.store.sees_any(name, column, ELSEWHERE[rule], facts.case["force_code"])
        if sent:
            found.add(need)
    return frozenset(found)


def _of_own(facts: Facts, row: Row | None, name: str, column: str) -> bool:
    """Return whether the row of a suspect or of a defendant comes from a file with a column."""
    key = {"suspects": "suspect_ref", "defendants": "defendant_ref"}[name]
    return row is not None and key in row and facts.store.sees(row, name, column)


def _of_a_charge(rule: str, facts: Facts, row: Row | None, column: str) -> bool:
    """Return whether the CPS cases tell of a column, or police do; without a CPS case, any source of CPS."""
    if column == "charged_on" and facts.store.sees(facts.case, "cases", column):
        return True
    if rule == "custody-limit-unknown" and not facts.cps:
        files = ("cps_cases", "defendants")
        return any(facts.store.sees_any(name, column, ("cps",), facts.case["force_code"]) for name in files)
    return bool(facts.cps) and all(facts.store.sees(each, "cps_cases", column) for each in facts.cps)


def begun_unseen(rule: str, facts: Facts, row: Row | None = None) -> bool:
    """Return whether the column that began a duty is not sent."""
    for name, _, column in (need.partition(".") for need in BEGINS.get(rule, "").split()):
        if column == "charged_on" and facts.charged:
            continue  # of the two files that may tell of it, one does
        sender = row if name == "incidents" else facts.case
        own = facts.cps if name == "cps_cases" else [sender] if sender else []
        if not all(facts.store.sees(each, name, column) for each in own):
            return True
    return False


def blind(rule: str, facts: Facts, row: Row | None = None) -> bool:
    """Return whether a rule cannot be seen: none of its parts, or one that it cannot do without."""
    needs, told = set(NEEDS.get(rule, "").split()), seen(rule, facts, row)
    if rule == "time-limit-unknown":
        return not (told - {CODES}) or CODES not in told
    return not told if rule in IN_PARTS else bool(needs - told)


def is_to_send(store: Store, source: str, name: str) -> bool:
    """Return whether a file is a source's to send: it does, or nobody does for one of its forces, and it keeps it."""
    if store.columns[source].get(name):
        return True
    policed = {force for one, agency in store.agencies.items() if agency == "police" for force in store.covers[one]}
    keepers = KEEPERS.get(name, ("police", "cps"))
    for force in (set(store.covers[source]) & policed) or store.covers[source]:
        others = [one for one in store.agencies if one != source and force in store.covers[one]]
        if name == "training":  # each agency tells of its own people
            others = [one for one in others if store.agencies[one] == store.agencies[source]]
        mine = store.agencies[source] in keepers or not any(store.agencies[one] in keepers for one in others)
        if mine and not any(store.columns[one].get(name) for one in others):
            return True
    return False


def _told_by_police(store: Store, source: str, need: tuple[str, str]) -> bool:
    """Return whether police tell of charges, for every force that a source of CPS covers."""
    tell = [store.sees_any("cases", "charged_on", ("police",), force) for force in store.covers[source]]
    return need == ("cps_cases", "charged_on") and bool(tell) and all(tell)


def _charges_untold(store: Store, source: str) -> bool:
    """Return whether nobody tells of charges for one of the forces of a police source."""
    tells = (("cases", "police"), ("cps_cases", "cps"))
    return store.agencies[source] == "police" and any(
        not any(store.sees_any(name, "charged_on", (agency,), force) for name, agency in tells)
        for force in store.covers[source]
    )


def _told_in_its_place(store: Store, source: str, need: tuple[str, str]) -> bool:
    """Return whether a source tells of a column by the rows of suspects or defendants, but of a case's own charge."""
    name, column = need
    return need != ("cases", "charged_on") and column in store.columns[source].get(IN_PLACE.get(name, ""), ())


def lacking_since(store: Store, source: str) -> Iterator[date]:
    """Yield since when a source lacks each column that a rule needs. Of a file that stays out, that is told instead."""
    either = {"charged": "cases.charged_on"} if _charges_untold(store, source) else {}
    for rule, needs in {**NEEDS, **either, "training": "training.completed_on"}.items():
        due = [need.partition(".")[::2] for need in needs.split() if need != CODES or rule == "charge-code-unknown"]
        own = [each for each in due if is_to_send(store, source, each[0]) and not _told_by_police(store, source, each)]
        own = [each for each in own if not _told_in_its_place(store, source, each)]
        lacked = {each: day for each in own if (day := store.lacking.get((source, *each)))}
        if rule != "time-limit-unknown" or len(lacked) == len(own):  # either of its columns is enough
            yield from (
                day for (name, column), day in lacked.items() if column not in store.went.get((source, name), ())
            )


def trained_seen(store: Store, agency: str, forces: list[str]) -> bool:
    """Return whether some source of an agency tells of training, of police one that covers a force of the person."""
    if agency == "police":
        return any(store.sees_any("training", "completed_on", (agency,), force) for force in forces)
    return store.sees_any("training", "completed_on", (agency,), None)
