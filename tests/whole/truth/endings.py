"""How each duty can end: the one fact that ends it, in words, with that fact's own day, and whether it is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.whole.reading.duties.clocks import last_act
from tests.whole.reading.duties.ends import FILES, GUARDED, SUSPECTS
from tests.whole.reading.duties.orders import PROTECTION, runs
from tests.whole.reading.duties.rules import progress, quorate
from tests.whole.reading.duties.watched import guarded, reviewed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.whole.reading.duties.owed import Owed
    from tests.whole.reading.facts import Facts
    from tests.whole.reading.lives import Reading
    from tests.whole.reading.sheets import Row
    from tests.whole.reading.suspects import Suspect

BY_COLUMN = {  # rule: the column of the case, or of its row, that ends it, and its words
    "risk-assessment": ("risk_assessed_on", "the risk was assessed"),
    "victim-contact": ("victim_contacted_on", "the victim was contacted"),
    "spo-considered": ("spo_considered_on", "a stalking protection order was considered"),
    "why-not-stalking": ("why_not_stalking_on", "the reason was recorded"),
    "pin-issued": ("pin_withdrawn_on", "the Police Information Notice was withdrawn"),
    "victim-told": ("victim_told_on", "the victim was told"),
    "bail-views": ("bail_views_on", "the views of the victim on the bail were recorded"),
    "release-review": ("release_reviewed_on", "the release without bail was reviewed"),
    "order-told": ("victim_told_on", "the victim was told of it"),
    "order-served": ("served_on", "the order was served"),
    "spo-notification": ("notified_on", "its subject gave name and address"),
    "order-expiry": ("renewal_decided_on", "its renewal was decided"),
    "charging-decision": ("decision_on", "CPS has decided the referral"),
}
WITHOUT_A_DAY = {  # rule: words of what its source sends no day of
    "time-limit-unknown": "the last act was recorded",
    "charge-code-unknown": "the code of the charge was recorded",
    "bail-end-unknown": "the day was recorded",
    "custody-limit-unknown": "the day was recorded",
    "referral-checklist": "no item of the checklist is recorded as missing",
}
CLOSED = {"done": "the action was done", "not_possible": "the action was found not possible",
          "cancelled": "the action was cancelled"}  # fmt: skip
UNTIL_CHARGED = {"supervisor-review", "no-progress", "bail-end", "bail-end-unknown", "bail-views", "awaiting-charge",
                 "summary-time-limit", "time-limit-unknown"}  # fmt: skip
OF_STALKING = {"joint-review", "supervisor-review", "no-progress", "awaiting-charge", "restraining-order"}  # in scope
OUTLIVE = {"order-expiry", "order-told", "order-served", "spo-notification", "nfa-review", "closed-silently"}


@dataclass(frozen=True)
class Ending:
    """One version's end: the day on which it was learnt, and the facts that may have ended it."""

    learnt_on: date
    due: date
    facts: frozenset[tuple[str, date | None]]  # words, and the fact's own day; None where its source sends none
    lost: bool
    why: frozenset[str] = frozenset()  # each reason that may have ended it, as the specification names them

    @classmethod
    def of(cls, owed: Owed, day: date, facts: Facts | None, reading: Reading, why: frozenset[str]) -> Ending:
        """Give how an obligation ended that is owed no more on a day, or is owed again."""
        found = list(_facts(owed, facts, reading) if facts else _without_a_case(owed, reading))
        lost = [fact for fact in found if fact[0] in LOST and not _noted_in_time(fact, owed)]
        return cls(day, owed.due, frozenset(lost or found), bool(lost), why)


def _noted_in_time(fact: tuple[str, date | None], owed: Owed) -> bool:
    """Return whether a limit was noted by its last day: it had not passed yet."""
    words, day = fact
    return words == NOTED and day is not None and day <= owed.due


def _without_a_case(owed: Owed, reading: Reading) -> Iterator[tuple[str, date | None]]:
    """Yield what ended the duty of a source, a person or a place."""
    kind, _, name = owed.subject.partition(":")
    source, _, file = name.partition("/")
    if owed.rule == "feed-stale":
        words = "the newest extract has it" if file else "an extract arrived"
        yield words, reading.store.last_sent[source]
    if kind == "contact":
        rows = [row for row in reading.store.supplied("training") if row["contact_ref"] == name]
        yield from (("the training was recorded", row["completed_on"]) for row in rows if row["completed_on"])


NOTED = "nobody was charged with it, and a supervisor noted what that means"
BAIL_ENDED = "bail ended without a charge, and its conditions with it"
LOST = {NOTED, BAIL_ENDED, "the order ran out undecided", "the custody limit passed"}


def _facts(owed: Owed, facts: Facts, reading: Reading) -> Iterator[tuple[str, date | None]]:
    kind, _, ref = owed.subject.partition(":")
    held = reading.store.files[FILES[kind]][ref,] if kind in FILES else None
    row, case = held and held.row, facts.case
    if held and not held.supplied:
        yield f"the {kind} was withdrawn by its source", None
    elif held and not any(row is held.row for row in facts.own(FILES[kind])):
        yield "it is not recorded here any more", None  # a linked case has it
    if owed.rule in OF_STALKING and facts.open and not reviewed(facts):
        yield "the case is not recorded as stalking any more", None
    if case["finalised_on"] and owed.rule not in OUTLIVE:
        yield "the case was finalised", case["finalised_on"]
    if owed.rule in GUARDED and not guarded(facts) and case["why_not_stalking_on"]:
        yield "the reason why it is not stalking was recorded", case["why_not_stalking_on"]
    suspect = _suspect(owed, facts)
    charged_on = facts.charged_on if suspect is None or suspect.charged else None
    if charged_on and owed.rule in UNTIL_CHARGED:
        yield "the suspect was charged", (suspect and suspect.charged_on) or charged_on
    if of := BY_COLUMN.get(owed.rule):
        day = (suspect.row if suspect else row or case)[of[0]]
        if day:
            yield of[1], day
    elif owed.rule in WITHOUT_A_DAY and _recorded(owed, facts, row):
        yield WITHOUT_A_DAY[owed.rule], None
    yield from _of_danger(owed, facts, reading)
    yield from _special(owed, facts, row, reading)


def _suspect(owed: Owed, facts: Facts) -> Suspect | None:
    """Give the suspect whom a duty is about; None where it is about no suspect, or one that was withdrawn."""
    about = owed.rule in SUSPECTS
    return next((one for one in facts.suspects if about and one.subject == owed.subject), None)


def _of_danger(owed: Owed, facts: Facts, reading: Reading) -> Iterator[tuple[str, date | None]]:
    """Yield what ended a danger, the search for a suspect, and the duty to offer an advocate."""
    case, rule, suspect = facts.case, owed.rule, _suspect(owed, facts)
    again = not reading.lives[owed.identity].ended_on  # it is owed again, from the day on which it was done
    if rule == "danger" and (day := case["risk_ratified_on"]) and (day == owed.done if again else day >= owed.latest):
        yield "the grade of risk was confirmed", day
    if rule == "advocate-referral" and case["advocate_referred_on"]:
        yield "the victim was referred to an independent advocate", case["advocate_referred_on"]
    if rule == "advocate-referral" and case["advocate_declined_on"]:
        yield "the victim declined an independent advocate", case["advocate_declined_on"]
    if rule == "suspect-wanted" and again and owed.done:
        yield "an attempt to arrest was recorded", owed.done
    if rule == "suspect-wanted" and suspect and not suspect.wanted():
        yield "the suspect is neither at large nor wanted any more", suspect.status.changed_on


def _recorded(owed: Owed, facts: Facts, row: Row | None) -> bool:
    """Return whether what was not known is known now."""
    rule, suspect = owed.rule, _suspect(owed, facts)
    if rule == "referral-checklist":
        return bool(row) and not row["checklist_missing"]
    if rule == "charge-code-unknown":
        return bool(facts.charged_codes)
    if rule == "bail-end-unknown":
        return bool(suspect and suspect.row["bail_ends_on"])
    if rule == "custody-limit-unknown":
        return any(one.subject == owed.subject and one.limit for one in facts.defendants)
    return last_act(facts) is not None


def _special(owed: Owed, facts: Facts, row: Row | None, reading: Reading) -> Iterator[tuple[str, date | None]]:
    """Yield what ended a duty that no single column ends."""
    case, rule = facts.case, owed.rule
    held = [each["held_on"] for each in facts.every("reviews") if quorate(each)]
    if rule == "joint-review" and held:
        yield "it was held, and both attended", max(held)
    if rule == "closed-silently":
        after = [day for day in held if day >= case["finalised_on"]]
        yield from (("a joint review of it was held, and both attended", day) for day in after)
    if rule == "supervisor-review":
        looked = [each["held_on"] for each in facts.own("reviews") if each["kind"] == "supervisor" or quorate(each)]
        yield from (("a review was held", max(looked)),) if looked else ()
    if rule == "no-progress":
        yield "progress was made", progress(facts)
    if rule in ("action", "action-plan") and row and row["status"] in CLOSED:
        yield CLOSED[row["status"]], row["closed_on"]
    if rule == "summary-time-limit" and case["time_limit_noted_on"] and not facts.pha_charged:
        yield NOTED, case["time_limit_noted_on"]
    yield from _of_bail_and_orders(owed, facts, row)
    yield from _of_parts(rule, facts, row)
    if rule == "outcome-unrecorded":
        yield from _outcomes(owed, facts, reading)


def _of_bail_and_orders(owed: Owed, facts: Facts, row: Row | None) -> Iterator[tuple[str, date | None]]:
    """Yield what ended bail, the consideration of an order, and a checklist."""
    rule, suspect = owed.rule, _suspect(owed, facts)
    if rule == "bail-end" and suspect and not suspect.on_bail() and not suspect.charged:
        yield BAIL_ENDED, suspect.status.changed_on
    if rule in ("bail-end-unknown", "bail-views") and suspect and not suspect.on_bail():
        yield "the suspect is not on bail any more", suspect.status.changed_on
    if rule == "release-review" and suspect and not suspect.free():
        yield "the suspect is not released without bail any more", suspect.status.changed_on
    if rule == "release-review" and facts.risk not in (None, "high"):
        yield "the risk is not graded high any more", None
    if rule == "bail-end" and suspect and suspect.row["bail_ends_on"] and suspect.row["bail_ends_on"] > owed.due:
        yield "bail has a later end", None
    if rule == "order-served" and row and row["renewal_decided_on"]:
        yield "its renewal was decided", row["renewal_decided_on"]
    if rule == "spo-considered" and runs(facts.own("orders"), owed.began or owed.due):
        made = [each["made_on"] for each in facts.own("orders") if each["kind"] in PROTECTION and each["made_on"]]
        yield "a stalking protection order was made", max(made)
    if rule == "referral-checklist" and row and row["decision_on"]:
        yield "CPS has decided the referral", row["decision_on"]


def _of_parts(rule: str, facts: Facts, row: Row | None) -> Iterator[tuple[str, date | None]]:
    """Yield the end of a duty in parts: the day of the last of them."""
    case = facts.case
    if rule == "breach-unanswered" and row and row["breach_decided_on"] and case["risk_assessed_on"]:
        assessed = case["risk_assessed_on"]
        yield "the risk was assessed after it, and what follows was decided", max(assessed, row["breach_decided_on"])
    if rule == "plea" and row:
        days = [row[column] for column in ("victim_consulted_on", "rationale_recorded_on", "spoc_reviewed_on")]
        if all(days):
            yield "victim, reason and review by the SPOC are all recorded", max(days)
    if rule == "nfa-review" and case["nfa_reviewed_on"] and case["nfa_victim_told_on"]:
        days = [case["nfa_reviewed_on"], case["nfa_victim_told_on"]]
        yield "a supervisor reviewed it, and the victim was told why", max(days)
    if rule == "charge-not-stalking" and (day := facts.earliest("not_stalking_reason_on")):
        yield "the reason was recorded", day
    if rule == "restraining-order":
        for order in facts.own("orders"):
            if order["kind"] == "restraining_order" and order["victim_views_on"] and order["decided_on"]:
                days = [order["victim_views_on"], order["decided_on"]]
                yield "the views of the victim and the decision are recorded", max(days)


def _outcomes(owed: Owed, facts: Facts, reading: Reading) -> Iterator[tuple[str, date | None]]:
    """Yield what told of the outcome of a meeting: a person on a day, or a joint review of that day or later."""
    ref = owed.subject.removeprefix("sitting:")
    for place in getattr(reading.reviews, "places", ()):
        if place.seat.sitting.ref == ref and place.case == facts.key and place.recorded_on:
            yield "the outcome was recorded", place.recorded_on
    day = min((one.day for sat in reading.reviews.sat.values() for one in sat if one.ref == ref), default=None)
    for row in facts.every("reviews"):
        told_here = row["review_ref"].startswith("JR-")  # of one meeting by a person, who told nothing of another
        if day and row["kind"] == "joint" and row["held_on"] >= day and not told_here:
            yield "the outcome was recorded", row["held_on"]
