"""Checks across a row's cells: how it names its case, which cells require each other, defaults of empty cells."""

from collections.abc import Callable
from functools import cache
from typing import Self

from config.forces import FORCES
from config.terms import Classification
from models.rules.offences import classify
from tasks.intake.forms import NO_URN, NULL, CellSetting, members
from tasks.intake.sentences import Quoting
from tasks.intake.urns import covered_urn

Values = list[str]
At = dict[str, int]  # a column's index among a row's values


class Note(Quoting):
    """A warning, worded like a problem; its row is loaded."""

    __slots__ = ()


class UnreadCell(str):
    """The value in place of a cell that does not fit, in a row that may be loaded without it."""

    __slots__ = ("problem",)
    problem: str

    def __new__(cls, value: str, problem: str) -> Self:
        """Keep why the cell does not fit, for a row that cannot be loaded without it."""
        made = super().__new__(cls, value)
        made.problem = problem
        return made


Check = Callable[[Values, At, CellSetting], list[str]]  # may fill an empty cell with its default
NOTHING: list[str] = []
CLOSED = frozenset({"done", "cancelled", "not_possible"})
UNDONE = frozenset({"cancelled", "not_possible"})


def by_force_or_urn(values: Values, at: At, setting: CellSetting) -> list[str]:
    """Identify the case by force and case reference if both are given, else by the URN."""
    force, ref, urn = at["force_code"], at["case_ref"], at["urn"]
    if values[force] != NULL and values[ref] != NULL:
        if isinstance(values[urn], str):
            values[urn] = NO_URN
        return NOTHING
    return _by_urn(values, at, setting)


def by_urn_or_force(values: Values, at: At, setting: CellSetting) -> list[str]:
    """Identify the case by the URN if it is given, else by force and case reference."""
    if values[at["urn"]] != NO_URN:
        return _by_urn(values, at, setting)
    return by_force_or_urn(values, at, setting)


def _by_urn(values: Values, at: At, setting: CellSetting) -> list[str]:
    urn = values[at["urn"]]
    if urn == NO_URN:
        return [urn.problem if isinstance(urn, UnreadCell) else "names no case: give force_code and case_ref, or urn"]
    for column in ("force_code", "case_ref"):
        if isinstance(values[at[column]], str):
            values[at[column]] = NULL
    if not isinstance(urn, str):
        return NOTHING
    if not covered_urn(urn, setting):
        unnamed = "a force that the manifest's covers does not name"
        return [Quoting(f'urn begins "{urn[:2]}", {unnamed}', f"urn begins with {unnamed}")]
    return unknown_urn_force(values, at, setting)


def unknown_urn_force(values: Values, at: At, setting: CellSetting) -> list[str]:
    """Warn of a URN that does not begin with the code of a force."""
    del setting
    urn = values[at["urn"]]
    if urn == NO_URN or not isinstance(urn, str) or urn[:2] in FORCES:
        return NOTHING
    return [Note(f'urn begins "{urn[:2]}", which is no force\'s code', "urn begins with what is no force's code")]


class UnlistedCodes(Note):
    """A warning of a case that counts as other, since no list knows its offence codes."""

    __slots__ = ()


def _unlisted(codes: str) -> UnlistedCodes:
    so = "is in no list of stalking and harassment: the case counts as other"
    return UnlistedCodes(f"offence_codes {', '.join(members(codes))} {so}", f"offence_codes {so}")


@cache
def _classified(codes: str) -> str:
    return classify(members(codes)).value


def case_defaults(values: Values, at: At, setting: CellSetting) -> list[str]:
    """Fill an empty classification from the offence codes, and an empty CPS Area from the force."""
    codes, area, notes = values[at["offence_codes"]], at["cps_area"], NOTHING
    if values[at["classification"]] == NULL and isinstance(codes, str):
        values[at["classification"]] = _classified(codes) if len(codes) < 200 else classify(members(codes)).value
        if values[at["classification"]] == Classification.OTHER:
            notes = [_unlisted(codes)]
    force = FORCES.get(values[at["force_code"]])
    if values[area] == NULL and force:
        if force.cps_area is None:
            needs = "needs it given"
            code = values[at["force_code"]]
            return [
                Quoting(
                    f"cps_area is empty, and a case of force {code} {needs}", f"cps_area is empty, and the case {needs}"
                )
            ]
        values[area] = force.cps_area
    return [*notes, *unknown_urn_force(values, at, setting)]


def far_end(name: str, began: str = "") -> Check:
    """Make a check that warns of an end of bail or custody so far off that its year may be mistyped.

    It is more than 12 months after another column's day, or where that is empty after the day of the extract. Bail
    beyond 12 months takes a court's second extension (Police and Criminal Evidence Act 1984, section 47ZG), and custody
    is 182 days before any (Prosecution of Offences (Custody Time Limits) Regulations 1987). Number: a local standard.
    """

    def check(values: Values, at: At, setting: CellSetting) -> list[str]:
        ends, since = values[at[name]], values[at[began]] if began else NULL
        if not isinstance(ends, str) or not isinstance(since, str) or ends == NULL:
            return NOTHING
        after, day = ("the day of the extract", setting.day.isoformat()) if since == NULL else (began, since)
        if ends <= f"{int(day[:4]) + 1}{day[4:]}":
            return NOTHING
        far = f"is more than 12 months after {after}"
        return [Note(f"{name} {ends} {far} {day}", f"{name} {far}")]

    return check


def reported_when_it_occurred(values: Values, at: At, setting: CellSetting) -> list[str]:
    """Fill an empty `reported_on` with the day on which the incident occurred."""
    del setting
    if values[at["reported_on"]] == NULL:
        values[at["reported_on"]] = values[at["occurred_on"]]
    return NOTHING


def closed_with_day_and_reason(values: Values, at: At, setting: CellSetting) -> list[str]:
    """Require a day of a closed action, and a reason of one that was not done."""
    del setting
    status, found = values[at["status"]], []
    if status in CLOSED and values[at["closed_on"]] == NULL:
        found.append(_needed_by_status("closed_on", status))
    if status in UNDONE and values[at["closed_reason"]] == NULL:
        found.append(_needed_by_status("closed_reason", status))
    return found


def _needed_by_status(column: str, status: str) -> str:
    empty = f"{column} is empty, and"
    return Quoting(f"{empty} status {status} needs it", f"{empty} the row's status needs it")


def from_before_to(values: Values, at: At, setting: CellSetting) -> list[str]:
    """Refuse an absence that ends before it begins."""
    del setting
    begins, ends = values[at["from_on"]], values[at["to_on"]]
    if isinstance(begins, str) and isinstance(ends, str) and NULL not in (begins, ends) and ends < begins:
        return [Quoting(f"to_on {ends} is before from_on {begins}", "to_on is before from_on")]
    return NOTHING
