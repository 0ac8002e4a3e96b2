"""The clocks of a case, and what is not known of them (specification 3), from the text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.whole.reading.codes import SUMMARY_ONLY, codes
from tests.whole.reading.days import add
from tests.whole.reading.duties.owed import Debt
from tests.whole.reading.seen import blind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.whole.reading.facts import Facts

LIMIT, WARNED = "6m", "56d"


def limited(facts: Facts) -> bool:
    """Return whether a case has a clock and an offence that only magistrates try."""
    return facts.clock_case and bool(codes(facts.case["offence_codes"]) & SUMMARY_ONLY)


def last_act(facts: Facts) -> date | None:
    """Give the last act that no note settles, None where there is none."""
    noted = facts.case["time_limit_noted_on"]

    def open_still(act: date | None) -> bool:
        return act is not None and not (noted and add(act, LIMIT) <= add(noted, WARNED))

    incidents = [row["occurred_on"] for row in facts.own("incidents")]
    last = facts.case["last_act_on"] or max(incidents, default=None)
    if open_still(last):
        return last
    return max((act for act in incidents if open_still(act)), default=None)


def _of_six_months(facts: Facts) -> Iterator[Debt]:
    if not facts.pha_charged:
        known = facts.case["last_act_on"] or facts.own("incidents")
        act = last_act(facts)
        if act and not blind("summary-time-limit", facts):
            yield Debt("summary-time-limit", "case", "both", add(act, LIMIT), began=act)
        if not known and not facts.case["time_limit_noted_on"] and not blind("time-limit-unknown", facts):
            opened = facts.case["opened_on"]
            yield Debt("time-limit-unknown", "case", "police", add(opened, "2wd"), began=opened)
    charged = facts.charged_on
    if charged and not facts.charged_codes and not blind("charge-code-unknown", facts):
        yield Debt("charge-code-unknown", "case", "cps", add(charged, "1wd"), began=charged)


def of_the_clocks(facts: Facts) -> Iterator[Debt]:
    """Yield the debts of the clocks of one case."""
    if limited(facts):
        yield from _of_six_months(facts)
    if facts.clock_case:
        yield from _of_bail(facts)
        yield from _of_custody(facts)


def _of_bail(facts: Facts) -> Iterator[Debt]:
    for suspect in facts.suspects:
        if not suspect.on_bail() or suspect.charged:
            continue
        if ends := suspect.row["bail_ends_on"]:
            yield Debt("bail-end", suspect.subject, "police", ends)
        elif not blind("bail-end-unknown", facts, suspect.row):
            day = suspect.status.day
            yield Debt("bail-end-unknown", suspect.subject, "police", add(day, "2wd"), began=day)


def _of_custody(facts: Facts) -> Iterator[Debt]:
    since = [each.status.day for each in facts.suspects if each.row["suspect_status"] == "custody"]
    rows = {f"defendant:{row['defendant_ref']}": row for row in facts.own("defendants")}
    for one in facts.defendants:
        if not facts.in_custody(one):
            continue
        if one.limit:
            yield Debt("custody-limit", one.subject, "cps", one.limit)
        elif facts.charged_on and not blind("custody-limit-unknown", facts, rows.get(one.subject)):
            day = max([facts.charged_on, *since])
            yield Debt("custody-limit-unknown", one.subject, "cps", add(day, "1wd"), began=day)
