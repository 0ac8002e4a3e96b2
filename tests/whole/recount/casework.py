"""What was done in a month: reviews, actions, decisions, charges, pleas, ends, breaches and orders."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.whole.reading.codes import EITHER, codes
from tests.whole.reading.duties.protocol import trigger
from tests.whole.recount.counting import Counting, key_of, open_on, sender, stalking, those_due
from tests.whole.recount.figure import Figures, middle, tell
from tests.whole.recount.news import PARTS, answers, breaches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts
    from tests.whole.reading.sheets import Row

FOUR_A = {"PH97010", "PH97011", "PH97007", "PH97008", "CD98078", "CD98079"}
TWO_A = {"PH97006", "CD98077"}


def _rows(count: Counting, name: str, without: set[str]) -> Iterator[tuple[Row, Facts]]:
    for facts in count.everything:
        for row in facts.own(name) if stalking(facts) else ():
            if sender(row) not in without:
                yield row, facts


def _of_reviews(count: Counting) -> Figures:
    def numbers(without: set[str]) -> dict[str, int]:
        held = [row for row, _ in _rows(count, "reviews", without) if row["kind"] == "joint"]
        held = [row for row in held if count.holds(row["held_on"])]
        both = sum(bool(row["police_attended"] and row["cps_attended"]) for row in held)
        return {"reviews_held": both, "reviews_one_sided": len(held) - both}

    return tell(count, ("reviews.police_attended", "reviews.cps_attended"), numbers)


def _of_actions(count: Counting) -> Figures:
    def numbers(without: set[str]) -> dict[str, float | None]:
        done = [row for row, _ in _rows(count, "actions", without) if row["status"] == "done"]
        done = [row for row in done if count.holds(row["closed_on"])]
        found: dict[str, float | None] = {}
        for side in ("police", "cps"):
            own = [(row["closed_on"] - row["raised_on"]).days for row in done if row["owner_agency"] == side]
            found |= {f"{side}_actions_done": len(own), f"{side}_action_days": middle(own)}
        for kind in sorted({row["kind"].upper() for row in done}):
            own = [(row["closed_on"] - row["raised_on"]).days for row in done if row["kind"].upper() == kind]
            found |= {f"kinds:{kind}.done": len(own), f"kinds:{kind}.days": middle(own)}
        return found

    return tell(count, ("actions.",), numbers)


def _of_decisions(count: Counting) -> Figures:
    def numbers(without: set[str]) -> dict[str, float | None]:
        rows = [row for row, _ in _rows(count, "referrals", without) if count.holds(row["decision_on"])]
        what = [row["decision"] for row in rows]
        return {
            "decisions": len(rows),
            "decisions_to_charge": what.count("charge"),
            "decisions_no_further_action": what.count("nfa"),
            "decisions_further_work": what.count("further_work"),
            "decision_days": middle([(row["decision_on"] - row["submitted_on"]).days for row in rows]),
        }

    return tell(count, ("referrals.decision_on", "referrals.decision"), numbers)


def _of_charges(count: Counting) -> Figures:
    def numbers(without: set[str]) -> dict[str, int]:
        charges = {}
        for facts in count.everything:
            if stalking(facts) and count.holds(facts.charged_on):
                row = next(row for row in facts.cps if row["charged_on"] == facts.charged_on)
                if sender(row) not in without:
                    charges[key_of(row, "cps_cases", facts)] = facts.charged_codes
        kinds = [_gravest(own) for own in charges.values()]
        names = ("charged_4a", "charged_2a", "charged_harassment", "charged_otherwise")
        return {"charged": len(kinds)} | {name: kinds.count(name) for name in names}

    return tell(count, ("cps_cases.charged_on", "cps_cases.charged_codes"), numbers)


def _gravest(charged: set[str]) -> str:
    own = codes(charged)
    for name, some in (("charged_4a", FOUR_A), ("charged_2a", TWO_A)):
        if own & some:
            return name
    harassment = {one for one in EITHER if one not in FOUR_A | TWO_A and not one.startswith("ST")}
    return "charged_harassment" if own & harassment else "charged_otherwise"


def _of_harassment(count: Counting) -> Figures:
    def numbers(without: set[str]) -> dict[str, int]:
        own = [facts for facts in count.everything if facts.kind == "harassment" and count.reach]
        own = [facts for facts in own if open_on(facts, count.reach) and sender(facts.case) not in without]
        reason = sum(bool(facts.case["why_not_stalking_on"]) for facts in own)
        asked = sum(not facts.case["why_not_stalking_on"] and bool(trigger(facts)) for facts in own)
        return {
            "harassment": len(own),
            "harassment_with_reason": reason,
            "harassment_without_reason": asked,
            "harassment_unasked": len(own) - reason - asked,
        }

    return tell(count, ("cases.why_not_stalking_on",), numbers)


def _of_pleas(count: Counting) -> Figures:
    def accepted(key: str, column: str, without: set[str]) -> dict[str, int]:
        rows = [row for row, _ in _rows(count, "pleas", without) if count.holds(row["accepted_on"])]
        return {key: sum(bool(row[column]) for row in rows)}

    found: Figures = {}
    for key, column in (
        ("pleas_accepted", "accepted_on"),
        ("pleas_victim_consulted", "victim_consulted_on"),
        ("pleas_with_reasons", "rationale_recorded_on"),
    ):
        found |= tell(count, ("pleas.accepted_on", f"pleas.{column}"), partial(accepted, key, column))
    return found


def _of_ends(count: Counting) -> Figures:
    def ended(key: str, column: str, without: set[str]) -> dict[str, int]:
        own = [facts.case for facts in count.everything if stalking(facts) and sender(facts.case) not in without]
        own = [case for case in own if count.holds(case["finalised_on"]) and case[column]]
        return {key: sum(case["finalised_reason"] in ("nfa_police", "nfa_cps") for case in own)}

    found: Figures = {}
    for key, column in (
        ("no_further_action", "finalised_reason"),
        ("no_further_action_reviewed", "nfa_reviewed_on"),
        ("no_further_action_victim_informed", "nfa_victim_told_on"),
    ):
        found |= tell(count, ("cases.finalised_reason", f"cases.{column}"), partial(ended, key, column))
    return found


def _of_breaches(count: Counting) -> Figures:
    def outcomes(without: set[str]) -> dict[str, int]:
        due = [duty for duty in those_due(count, lambda facts: breaches(facts, count)) if duty.source not in without]
        rows = {row["incident_ref"]: row for facts in count.everything for row in facts.own("incidents")}
        late = [duty for duty in due if not duty.in_time]
        parts = [tuple(bool(day) for day in answers(rows[duty.unit], duty.facts, count)) for duty in late]
        return {
            "breaches_answered_late": parts.count((True, True)),
            "breaches_assessed_only": parts.count((True, False)),
            "breaches_decided_only": parts.count((False, True)),
            "breaches_unanswered": parts.count((False, False)),
        }

    def numbers(without: set[str]) -> dict[str, float | None]:
        rows = [
            row for row, _ in _rows(count, "incidents", without) if row["breach"] and count.holds(row["reported_on"])
        ]
        return {"breaches": len(rows)}

    def days(without: set[str]) -> dict[str, float | None]:
        rows = [
            row for row, _ in _rows(count, "incidents", without) if row["breach"] and count.holds(row["reported_on"])
        ]
        known = [(row["breach_decided_on"] - row["reported_on"]).days for row in rows if row["breach_decided_on"]]
        return {"breach_days": middle(known)}

    found = tell(count, ("incidents.breach", *PARTS["breach-unanswered"]), outcomes)
    found |= tell(count, ("incidents.breach",), numbers)
    return found | tell(count, ("incidents.breach", "incidents.breach_decided_on"), days)


def _of_orders(count: Counting) -> Figures:
    found: Figures = {}
    for key, column in (
        ("orders_sought", "sought_on"),
        ("orders_made", "made_on"),
        ("orders_served", "served_on"),
        ("orders_victim_informed", "victim_told_on"),
        ("orders_renewal_decided", "renewal_decided_on"),
    ):

        def numbers(without: set[str], key=key, column=column) -> dict[str, int]:
            return {key: sum(count.holds(row[column]) for row, _ in _rows(count, "orders", without))}

        found |= tell(count, (f"orders.{column}",), numbers)
    return found


CASEWORK = (
    _of_reviews,
    _of_actions,
    _of_decisions,
    _of_charges,
    _of_harassment,
    _of_pleas,
    _of_ends,
    _of_breaches,
    _of_orders,
)
