"""Every figure of a month that extracts can tell, by its key in docs/report.md."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.whole.reading.duties.protocol import answered, trigger
from tests.whole.recount import again
from tests.whole.recount.casework import CASEWORK
from tests.whole.recount.coming import BY_DUE_DAY, summary_limits
from tests.whole.recount.counting import Counting, open_on, sender, stalking, suspects, those_due
from tests.whole.recount.figure import Figures, middle, tell
from tests.whole.recount.history import DAY
from tests.whole.recount.news import BY_EVENT, PARTS
from tests.whole.recount.standing import late, stalls
from tests.whole.recount.status import SOUGHT

if TYPE_CHECKING:
    from tests.whole.reading.facts import Facts

RISKS = ("high", "medium", "standard", "unknown")
OF_OPEN = {
    "assessed": ("cases_assessed", "risk-assessment"),
    "considered": ("cases_order_considered", "spo-considered"),
    "contact": ("cases_in_contact", "victim-contact"),
    "reviewed": ("cases_reviewed", "joint-review"),
}


def figures(count: Counting) -> Figures:
    """Give every figure of a month of a place."""
    found: Figures = {}
    for part in (_of_duties, _of_limits, _of_cases, _of_watched, *CASEWORK, _of_stalls, _of_late_days):
        found |= part(count)
    return found


def _of_duties(count: Counting) -> Figures:
    rules = {rule: (made, needs) for rule, (made, needs) in (BY_EVENT | BY_DUE_DAY).items()}
    for rule, (_, _, needs) in again.RULES.items():
        rules[rule] = (lambda facts, count, rule=rule: again.duties(rule, facts, count), needs)
    found: Figures = {}
    for rule, (made, needs) in rules.items():
        parted = needs + PARTS.get(rule, ())

        def numbers(without: set[str], rule=rule, made=made) -> dict[str, int]:
            own = [duty for duty in those_due(count, lambda facts: made(facts, count)) if duty.source not in without]
            return {f"{rule}.due": len(own), f"{rule}.in_time": sum(duty.in_time for duty in own)}

        found |= tell(count, parted, numbers, f"{rule}.due")
    return found


def _of_limits(count: Counting) -> Figures:
    def limits(without: set[str]) -> dict[str, int]:
        pairs = [pair for facts in count.everything for pair in summary_limits(facts, count)]
        hows = [how for duty, how in pairs if count.fell_due(duty) and duty.source not in without]
        met = hows.count("met") + hows.count("noted")
        noted, lost = hows.count("noted"), hows.count("lost")
        return {"summary_limits_met": met, "summary_limits_noted": noted, "summary_limits_lost": lost}

    found = tell(count, BY_DUE_DAY["summary-time-limit"][1], limits)
    for rule, met, lost in (
        ("bail-end", "bail_ends_met", "bail_ends_lost"),
        ("custody-limit", "custody_limits_met", "custody_limits_lost"),
        ("order-expiry", "orders_decided", "orders_lapsed"),
    ):
        made, needs = BY_DUE_DAY[rule]

        def ends(without: set[str], made=made, met=met, lost=lost) -> dict[str, int]:
            own = [duty for duty in those_due(count, lambda facts: made(facts, count)) if duty.source not in without]
            done = sum(duty.in_time for duty in own)
            return {met: done, lost: len(own) - done}

        found |= tell(count, needs, ends)
    return found


def _of_cases(count: Counting) -> Figures:
    def base(column: str, rule: str | None, without: set[str]) -> dict[str, int]:
        own = [facts for facts in count.everything if facts.kind == "stalking"]
        own = [facts for facts in own if sender(facts.case) not in without]
        own = [facts for facts in own if _is(column, rule, facts, count)]
        name = OF_OPEN[column][0] if rule else f"cases_{column}"
        return {name: len(own)} | _by_risk(own, column)

    found: Figures = {}
    for column in ("open", "new", "closed"):
        found |= tell(count, ("cases.",), partial(base, column, None))
    for column, (_, rule) in OF_OPEN.items():
        found |= tell(count, again.RULES[rule][2], partial(base, column, rule))
    return found


def _of_watched(count: Counting) -> Figures:
    """Count apart what is presumed to be stalking, and of the open cases those with a suspect who is sought."""

    def asked(without: set[str]) -> dict[str, int]:
        own = [facts for facts in _open(count, without) if _presumed_on(facts, count)]
        harassment = sum(facts.kind == "harassment" for facts in own)
        of = {"harassment_presumed": harassment, "declassified_presumed": len(own) - harassment}
        return {"cases_presumed": len(own)} | of | _by_risk(own, "presumed")

    def sought(without: set[str]) -> dict[str, int]:
        own = [facts for facts in _open(count, without) if facts.kind == "stalking" and _sought(facts, count)]
        return {"cases_wanted": len(own)} | _by_risk(own, "wanted")

    return tell(count, ("cases.why_not_stalking_on",), asked) | tell(count, ("cases.",), sought)


def _open(count: Counting, without: set[str]) -> list[Facts]:
    day = count.reach
    return [facts for facts in count.everything if day and open_on(facts, day) and sender(facts.case) not in without]


def _presumed_on(facts: Facts, count: Counting) -> bool:
    """Return whether nobody had said by the last day why a case is not stalking, though it was asked by then."""
    day, asked, said = count.reach or count.first, trigger(facts), facts.case["why_not_stalking_on"]
    may_be = facts.kind == "harassment" or (stalking(facts) and facts.kind != "stalking")
    unsaid = not answered(facts) or said > day
    return may_be and unsaid and asked is not None and asked <= day


def _sought(facts: Facts, count: Counting) -> bool:
    last = [count.history.runs[one.file, one.key][-1] for one in suspects(facts)]
    return any(run.status in SOUGHT and run.since <= (count.reach or count.first) for run in last)


def _by_risk(own: list[Facts], column: str) -> dict[str, int]:
    return {f"base:{risk}.{column}": sum((facts.risk or "unknown") == risk for facts in own) for risk in RISKS}


def _is(column: str, rule: str | None, facts: Facts, count: Counting) -> bool:
    day = count.reach
    if day is None:
        return False
    if rule:
        return open_on(facts, day) and not again.is_late(rule, facts, count, day)
    if column == "open":
        return open_on(facts, day)
    return count.holds(facts.case["opened_on" if column == "new" else "finalised_on"])


def _of_stalls(count: Counting) -> Figures:
    def numbers(_: set[str]) -> dict[str, float | None]:
        spans = [span for facts in count.everything for span in stalls(count.owed, facts.key)]
        cleared = [span for span in spans if count.holds(span.after)]
        last = count.reach
        stand = (span for span in spans if last and span.first <= last and (span.after is None or span.after > last))
        return {
            "stalls_opened": sum(count.holds(span.first) for span in spans),
            "stalls_cleared": len(cleared),
            "stalled_days": middle([(span.after - span.first).days for span in cleared if span.after]),
            "stalled_at_end": len(list(stand)),
        }

    return tell(count, ("cases.",), numbers)


def _of_late_days(count: Counting) -> Figures:
    def numbers(_: set[str]) -> dict[str, int]:
        return {f"{side}_late_days": _late_days(count, side) for side in ("police", "cps", "both")}

    return tell(count, ("cases.",), numbers)


def _late_days(count: Counting, side: str) -> int:
    spans = [span for facts in count.everything for span in late(count.owed, facts.key, side)]
    after = (count.reach or count.first) + DAY
    held = (min(span.after or after, after) - max(span.first, count.first) for span in spans)
    return sum(max(time.days, 0) for time in held)
