"""Compare the reading's expectation of a day with the output of the command line."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import date, datetime
from typing import Any

from tests.whole.reading.best import better
from tests.whole.reading.convening import deadline
from tests.whole.reading.lives import REVIEW, Identity, Reading

STEP_KEYS = [
    "day",
    "force_code",
    "case_ref",
    "rule",
    "subject",
    "version",
    "step",
    "duty",
    "manner",
    "addressee",
    "contact_ref",
    "channel",
]  # state and reason depend on the carrier
OBLIGATION_KEYS = [
    "force_code",
    "case_ref",
    "urn",
    "rule",
    "subject",
    "owed_by",
    "due_on",
    "remind_on",
    "escalate_on",
    "severity",
    "hard",
    "version",
]
IDENTITY_KEYS = ["force_code", "case_ref", "rule", "subject", "version"]
ENDED_KEYS = [*IDENTITY_KEYS, "contact_ref"]
UNSAID = """
    select o.force_code, c.case_ref, o.rule, o.subject, o.version, n.step_name, n.contact_ref
    from notifications n join obligations o on o.id = n.obligation_id left join cases c on c.id = o.case_id
    where n.state in ('queued', 'silent', 'dead')
"""
SHOWN = int(os.environ.get("READING_SHOWN", "12"))


def _bare(row: dict[str, Any], keys: list[str]) -> str:
    known = {key: row.get(key, "(no such key)") for key in keys}
    if "severity" in known:
        known["severity"] = str(known["severity"]).replace("_", " ")
    return json.dumps(known)


def _differences(what: str, expected: list[str], printed: list[str]) -> list[str]:
    missing, extra = Counter(expected) - Counter(printed), Counter(printed) - Counter(expected)
    said = [f"  reading {line}" for line in missing.elements()] + [f"  product {line}" for line in extra.elements()]
    if not said and expected != printed:
        said = ["  the same lines in another order"]
    said.sort(key=lambda line: line[10:])
    head = [f"{what}: {len(expected)} read, {len(printed)} printed, {len(said)} differ"] if said else []
    if os.environ.get("READING_COUNTS"):
        print(f"{what}: {len(expected)} read, {len(printed)} printed, {len(said)} differ")  # noqa: T201
    return head + said[:SHOWN] + (["  …"] if len(said) > SHOWN else [])


def compare(
    reading: Reading, day: date, obligations: list[dict[str, Any]], notifications: list[dict[str, Any]]
) -> list[str]:
    """Give the differences: in what is owed, in the steps taken, in who hears of a hand-over and of an end."""
    printed = [_bare(row, OBLIGATION_KEYS) for row in obligations]
    expected = [_bare(row, OBLIGATION_KEYS) for row in reading.obligations(day)]
    hard = _differences(f"{day:%a} {day} obligations", expected, printed)
    rows = [row for row in notifications if row.get("rule")]
    today = day.isoformat()
    expected_steps = sorted(_bare(row, STEP_KEYS) for row in reading.rows if row["day"] == today)
    fresh = {
        (row["force_code"], row["case_ref"], row["rule"], row["subject"], row["version"], row["step"])
        for row in reading.rows
        if row["day"] == today
    }
    said = reading.rows + reading.handed
    taken = {(row["force_code"], row["case_ref"], row["rule"], row["subject"], row["step"]) for row in said}
    stands = {
        (*life.owed.identity, life.step(life.position)[0]) for life in reading.lives.values() if life.position >= 0
    }
    steps, repeats = [], []
    for row in rows:
        key = (row["force_code"], row["case_ref"], row["rule"], row["subject"])
        again = (*key, row["version"], row["step"]) not in fresh and (*key, row["step"]) in taken | stands
        apart = row["step"] in ("resolved", "corrected", "standing") or row.get("happening", "step") != "step"
        if again and not apart:
            repeats.append(_bare(row, STEP_KEYS))
        elif not apart:
            steps.append(_bare(row, STEP_KEYS))
    hard += _differences(f"{day:%a} {day} steps", expected_steps, sorted(steps))
    handed = sorted(_bare(row, STEP_KEYS) for row in reading.handed if row["day"] == today)
    hard += _differences(f"{day:%a} {day} handed over", handed, sorted(repeats))
    ended = sorted(_bare(row, ENDED_KEYS) for row in reading.resolved if row["day"] == today)
    shown = sorted(_bare(row, ENDED_KEYS) for row in rows if row["step"] == "resolved")
    return hard + _differences(f"{day:%a} {day} resolved", ended, shown)


def compare_ends(reading: Reading, stored: dict[tuple[Identity, int], tuple[date, str]]) -> list[str]:
    """Give the versions that ended on another day, for another reason, or on one side only."""
    differ = []
    for identity, version in sorted(reading.ended.keys() | stored.keys(), key=str):
        day, reasons = reading.ended.get((identity, version), (None, frozenset()))
        other_day, reason = stored.get((identity, version), (None, "still live"))
        if day != other_day or reason not in reasons:
            read = f"{day} {'/'.join(sorted(reasons))}" if day else "still live"
            named = json.dumps(dict(zip(IDENTITY_KEYS, (*identity, version), strict=True)))
            differ.append(f"  read {read}, stored {other_day} {reason}: {named}")
    return ([f"ends: {len(differ)} differ"] if differ else []) + differ[:SHOWN]


def compare_sittings(reading: Reading, day: date, printed: list[dict[str, Any]]) -> list[str]:
    """Give the differences between the reading's sittings and those of the command line."""
    due = {life.owed.identity[:2]: life.owed.due for life in reading.live() if life.owed.rule == REVIEW}
    expected = [json.dumps(line) for line in reading.reviews.lines(due)]
    said = []
    for line in printed:
        starts = line["starts_at"] and datetime.fromisoformat(line["starts_at"]).timestamp()
        said.append(json.dumps(line | {"starts_at": starts, "cps_area": line["cps_area"].lower()}))
    return _differences(f"{day:%a} {day} sittings", sorted(expected), sorted(said))


def unkept(reading: Reading, day: date, printed: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[str]:
    """Give where another arrangement than the printed one, after last night's, would have more cases in time."""
    at = [
        {(line["force_code"], line["case_ref"]): line["sitting_ref"] for line in lines} for lines in (printed, before)
    ]
    found = []
    for pair, to_come in reading.reviews.plan.to_come.items():
        by_ref = {one.ref: one for one in to_come}
        where, was = ({case: by_ref[ref] for case, ref in lines.items() if ref in by_ref} for lines in at)
        due = [one for one in reading.reviews.due.get(pair, []) if one.case not in reading.reviews.barring]
        ranks = {review.case: review.rank(day) for review in due}
        deadlines = {review.case: deadline(review.due, to_come) for review in due}
        own = {case: one for case, one in where.items() if case in ranks}
        found += [f"{day} {pair}: {said}" for said in better(own, was, ranks, deadlines, to_come, day)]
    return found
