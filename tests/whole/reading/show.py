"""Show the facts behind a difference, so that a reader can judge which side follows the specification."""

from __future__ import annotations

import json
from typing import Any

from tests.whole.reading.facts import Facts
from tests.whole.reading.gathering import assemble
from tests.whole.reading.lives import Reading
from tests.whole.reading.sheets import Row

QUIET = {"force_code", "case_ref", "name", "email", "victim_contact_days"}


def _short(row: Row) -> str:
    return " ".join(f"{name}={value}" for name, value in row.items() if name not in QUIET and value not in (None, []))


def _facts(facts: Facts) -> list[str]:
    lines = [
        f"  case {facts.case['force_code']} {facts.case['case_ref']} root={facts.root} principal={facts.principal}"
    ]
    lines.append(f"    {_short(facts.case)}")
    lines.append(f"    kept={facts.kept} declassified={facts.declassified_on}")
    lines += [f"    suspect {each.subject}: {_short(each.row)} {each.status} {each.put_off}" for each in facts.suspects]
    lines += [f"    {each}" for each in facts.defendants]
    for name in ("incidents", "actions", "reviews", "referrals", "orders", "pleas"):
        lines += [f"    {name}: {_short(row)}" for row in facts.own(name)]
    return lines + [f"    cps: {_short(row)}" for row in facts.cps]


def behind(reading: Reading, differences: list[str], most: int = 2) -> list[str]:
    """Give the facts of the first cases that differ, with their linked cases, and the state of each ladder."""
    everything = assemble(reading.store)
    shown: list[tuple[Any, Any]] = []
    lines: list[str] = []
    for line in differences:
        if "{" not in line or len(shown) >= most:
            continue
        row = json.loads(line[line.index("{") :])
        case = (row["force_code"], row["case_ref"])
        if case in shown or None in case:
            continue
        shown.append(case)
        own = next((each for each in everything if (each.case["force_code"], each.case["case_ref"]) == case), None)
        for facts in everything:
            if facts is own or (own and own.root and facts.root == own.root):
                lines += _facts(facts)
        for identity, life in reading.lives.items():
            if identity[:2] == case:
                lines.append(
                    f"    {identity[2]} {identity[3]} v{life.version} due={life.owed.due} done={life.owed.done} "
                    f"ended={life.ended_on} position={life.position} "
                    f"taken={ {name: str(day) for name, day in life.taken.items()} }"
                )
    return lines
