"""What cannot be seen, as a standing says it, held against the columns that sources send."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.forces import FORCES
from tests.whole.reading.seen import is_to_send
from tests.whole.truth.sentences import Letter, says
from tests.whole.truth.words import UNSEEN

if TYPE_CHECKING:
    from tests.whole.reading.store import Store
    from tests.whole.truth.world import World

_FORCE = "|".join(sorted({re.escape(force.name) for force in FORCES.values()}, key=len, reverse=True))
ONE = re.compile(rf"(?P<some>some cases of )?(?P<name>{_FORCE})")
ENDS = {  # rule: the columns that tell that its duty is done
    "charging-decision": "referrals.decision_on",
    "awaiting-charge": "cps_cases.charged_on",
    "time-limit-unknown": "cases.last_act_on incidents.occurred_on",
    "charge-code-unknown": "cps_cases.charged_codes",
    "bail-end-unknown": "cases.bail_ends_on",
    "custody-limit-unknown": "cps_cases.ctl_expires_on",
    "why-not-stalking": "cases.why_not_stalking_on",
    "charge-not-stalking": "cps_cases.not_stalking_reason_on",
    "referral-checklist": "referrals.checklist_missing referrals.decision_on",
    "pin-issued": "cases.pin_withdrawn_on",
    "risk-assessment": "cases.risk_assessed_on",
    "victim-contact": "cases.victim_contacted_on",
    "plea": "pleas.victim_consulted_on pleas.rationale_recorded_on pleas.spoc_reviewed_on",
    "restraining-order": "orders.victim_views_on orders.decided_on",
    "spo-considered": "cases.spo_considered_on",
    "order-expiry": "orders.renewal_decided_on",
    "order-told": "orders.victim_told_on",
    "order-served": "orders.served_on",
    "advocate-referral": "cases.advocate_referred_on",
    "spo-notification": "orders.notified_on",
    "breach-unanswered": "cases.risk_assessed_on incidents.breach_decided_on",
    "bail-views": "cases.bail_views_on",
    "release-review": "cases.release_reviewed_on",
    "victim-told": "cases.victim_told_on",
    "nfa-review": "cases.nfa_reviewed_on cases.nfa_victim_told_on",
    "closed-silently": "reviews.police_attended reviews.cps_attended",
}
BEGINS = {  # rule: the columns without which nobody knows that it is owed
    "awaiting-charge": "cps_cases.charge_authorised_on",
    "summary-time-limit": "cases.last_act_on incidents.occurred_on",
    "charge-code-unknown": "cps_cases.charged_on",
    "bail-end": "cases.suspect_status cases.bail_ends_on",
    "bail-end-unknown": "cases.suspect_status",
    "custody-limit": "cases.suspect_status cps_cases.ctl_expires_on",
    "custody-limit-unknown": "cases.suspect_status cps_cases.charged_on",
    "charge-not-stalking": "cps_cases.charged_on cps_cases.charged_codes",
    "pin-issued": "cases.pin_issued_on",
    "restraining-order": "cps_cases.charged_on cps_cases.next_hearing_on",
    "order-expiry": "orders.expires_on",
    "order-told": "orders.made_on",
    "order-served": "orders.made_on",
    "suspect-wanted": "cases.suspect_status",
    "spo-notification": "orders.served_on",
    "breach-unanswered": "incidents.breach",
    "bail-views": "cases.suspect_status",
    "release-review": "cases.suspect_status",
    "nfa-review": "cases.finalised_on cases.finalised_reason",
    "closed-silently": "cases.finalised_on cases.finalised_reason",
}
OWED_BY = {  # rule: the one agency that owes it, of those whose files both may send
    "charging-decision": "cps",
    **dict.fromkeys(
        ("referral-checklist", "order-expiry", "order-told", "order-served", "spo-notification", "awaiting-charge"),
        "police",
    ),
}
# of these one column is enough
ANY_END = {"plea", "restraining-order", "breach-unanswered", "nfa-review", "time-limit-unknown"}
ANY_BEGINNING = {"summary-time-limit"}


@says(r"Cannot be seen for <words:places>: <words:duties>")
def cannot_be_seen(letter: Letter, places: str, duties: str) -> None:
    """Hold each duty that is named against the columns of each place, and keep what was said."""
    found = list(ONE.finditer(places))
    assert " and ".join(each[0] for each in found) == places, f"nobody taught: {places}"
    rules = {UNSEEN[each] for each in duties.split(", ")}
    for each in found:
        (code,) = (code for code in covered(letter.world) if FORCES[code].name == each["name"])
        expected = {rule for rule, some in of_force(letter.world, code).items() if some == bool(each["some"])}
        assert rules == expected, f"of {each[0]} it is {sorted(expected ^ rules)} otherwise"
        letter.unseen.add((code, bool(each["some"])))


def all_said(letter: Letter) -> None:
    """Hold that a standing says what cannot be seen of each of its reader's forces."""
    person, reading = letter.world.person(letter.mail.to), letter.world.reading
    if not letter.mail.has_standing or not {"spoc", "lead"} & {*person["roles"]} or not letter.stands:
        return
    places = {each.replace("&", "and").lower() for each in person["cps_area"]}
    own = {force for force in covered(letter.world) if force in person["force_code"] or _area(force) in places}
    own -= reading.first.waiting(letter.world.day)
    expected = {(force, some) for force in own for some in of_force(letter.world, force).values()}
    if not letter.world.stands_in(letter.mail.to):
        assert letter.unseen == expected, f"cannot be seen are {sorted(expected)}"


def covered(world: World) -> set[str]:
    """Give the forces that sources cover."""
    return {force for forces in world.reading.store.covers.values() for force in forces}


def _area(force: str) -> str:
    return (FORCES[force].cps_area or "").lower()


def of_force(world: World, force: str) -> dict[str, bool]:
    """Give the duties that cannot be seen of a force; of some cases alone where another source shows them."""
    if force not in world.unseen:
        world.unseen[force] = dict(_of_force(world.reading.store, force))
    return world.unseen[force]


def _of_force(store: Store, force: str) -> list[tuple[str, bool]]:
    found = []
    for rule in UNSEEN.values():
        sights = {source: _blind(store, source, rule) for source in store.agencies if force in store.covers[source]}
        shown = [source for source, blind in sights.items() if blind is False]
        hidden = [source for source, blind in sights.items() if blind]
        some = all(any(_shows(store, other, source, rule) for other in shown) for source in hidden)
        found += [(rule, some)] if hidden else []
    return found


def _shows(store: Store, other: str, source: str, rule: str) -> bool:
    """Return whether another source shows a duty in its own rows: one of that side, or of the side that owes it.

    The latter tells of it only where it sends the files that the blind source has without the columns.
    """
    if store.agencies[other] == store.agencies[source]:
        return True
    lacked = {
        need for need in f"{ENDS.get(rule, '')} {BEGINS.get(rule, '')}".split() if _own(store, source, need) == [False]
    }
    files = {need.partition(".")[0] for need in lacked}
    return OWED_BY.get(rule, store.agencies[other]) == store.agencies[other] and all(
        map(store.columns[other].get, files)
    )


def _blind(store: Store, source: str, rule: str) -> bool | None:
    """Return whether a source does not let a duty be seen; None where nothing of it is the source's to send."""
    ends, begins = _own(store, source, ENDS.get(rule, "")), _own(store, source, BEGINS.get(rule, ""))
    if not ends and not begins:
        return None
    end_seen = (any if rule in ANY_END else all)(ends) if ends else True
    begun = (any if rule in ANY_BEGINNING else all)(begins) if begins else True
    return not (end_seen and begun)


def _own(store: Store, source: str, columns: str) -> list[bool]:
    """Tell of each column that is the source's to send whether it is sent."""
    split = [each.partition(".")[::2] for each in columns.split()]
    return [column in store.columns[source].get(name, ()) for name, column in split if is_to_send(store, source, name)]
