"""Files that have several rows for a case or a person: what tells them apart, and which of their cells counts."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from config.sources.cells import folded
from tasks.intake.files import FILES
from tasks.intake.profiles.proposal.fitting import are_days
from tasks.intake.profiles.proposal.looking import LookedAt, keys_of, repeat
from tasks.intake.profiles.proposal.matching import Match, ProposedRows
from tasks.intake.profiles.proposal.versions import are_in_order, version_of
from tasks.intake.profiles.proposal.vocabulary import vocabulary

LISTS = ("offence_codes", "charged_codes")
OF_CASES = {"force_code", "case_ref", "urn", "charged_on"}  # of which the case's own are read beside its persons'
_BEGIN = {"charged_on", "charge_authorised_on"}  # of which the first day counts
BORN = ("dob", "d o b", "birth", "born")  # a day that says nothing of which row is the newest
_OFTEN = 1.05  # rows for each case, above which some have several by right


class SeveralRows(NamedTuple):
    """The columns that rows of one case or person share, which these are, and the column of days that orders them."""

    keys: tuple[str, ...]
    of: str
    in_order_of: str | None


def several_rows(rows: ProposedRows, looked: LookedAt) -> SeveralRows | None:
    """Return what gathers the rows of a file that has several for one of ours."""
    person, case = rows.of("suspect_ref"), rows.of("case_ref") or rows.of("urn")
    keys: tuple[str, ...] = (_key_of_case(looked, case),) if case else ()
    if person and keys and repeat(looked, [*keys, person.own[0]], _OFTEN):
        keys, of = (*keys, person.own[0]), "person"
    elif keys and rows.file.name in {"cases.csv", "cps_cases.csv"} and repeat(looked, keys, _OFTEN):
        of = "case"
    else:
        return None
    since, version = rows.of("status_changed_on"), version_of(looked, keys)
    day = since.own[0] if since else row_day(looked, keys)
    return SeveralRows(keys, of, day if day and (not version or are_in_order(looked, keys, day, version)) else None)


def _key_of_case(looked: LookedAt, case: Match) -> str:
    """Return the column that tells cases apart: the file's own, which is as the case's reference, where that varies."""
    title = case.own[0]
    if " / " not in title and "replace" not in case.fit.recipe:
        return title
    cases = [folded(cell).replace(" ", "") for cell in looked.cells(title)]
    for own in (one for one in looked.header.written if one and " / " not in one and one != title):
        pairs = {(cell, of) for cell, of in zip(map(folded, looked.cells(own)), cases, strict=True) if cell and of}
        if len({cell for cell, _ in pairs}) == len({of for _, of in pairs}) == len(pairs) > 1:
            return own
    return title


def row_day(looked: LookedAt, keys: Sequence[str] = (), but: Iterable[str] = ()) -> str | None:
    """Return the one column of days that each row has, and that differs between the rows of a case; None if unclear."""
    days, others = [], set(but)
    for place in (place for place in looked.header.names.values() if place < len(looked.columns)):
        title, cells = looked.title(place), looked.columns[place]
        is_none = " / " in title or title in others or any(word in folded(title) for word in BORN)
        if is_none or not all(map(str.strip, cells)):
            continue
        if are_days(cells, looked.always) and (not keys or differs(looked, keys, cells)):
            days.append(title)
    return days[0] if len(days) == 1 else None


def gathered(rows: ProposedRows, looked: LookedAt) -> ProposedRows:
    """Return rows of which each column says which of several lines counts; where nothing says it, it is in doubt."""
    several = several_rows(rows, looked)
    if several is None:
        return rows
    return rows._replace(matches=tuple(_gathered(match, rows, looked, several) for match in rows.matches))


def _gathered(match: Match, rows: ProposedRows, looked: LookedAt, several: SeveralRows) -> Match:
    if match.is_asked or not match.own or match.own[0] in several.keys:
        return match
    if match.name in LISTS:
        return _with(match, {"list_at": match.fit.recipe.get("list_at", ";"), "take": "all"})
    newest, cells = vocabulary().files[rows.file.name].newest, looked.cells(match.own[0])
    if not differs(looked, several.keys, cells, filled=match.name not in newest):
        return match
    persons = of_persons(rows.file.name) if several.of == "case" and not rows.of("status_changed_on") else set()
    if several.in_order_of is None or match.name in {*persons, "next_hearing_on"}:
        return match._replace(doubt=f"Lines of one {several.of} differ in it: which of them counts?")
    if match.name in newest:
        return _with(match, {"take": "newest"})
    return _with(match, {"take": "first"}) if match.name in _BEGIN else match


def of_persons(name: str) -> set[str]:
    """Return the columns of a file of cases that files of their persons have for each of them."""
    theirs = (FILES[each].names for each, hints in vocabulary().files.items() if hints.persons_of == name)
    return set().union(*theirs) - OF_CASES


def _with(match: Match, more: dict[str, Any]) -> Match:
    return match._replace(fit=match.fit._replace(recipe=match.fit.recipe | more))


def differs(looked: LookedAt, keys: Sequence[str], cells: Sequence[str], *, filled: bool = True) -> bool:
    """Return whether rows that share keys have different cells, of those that are filled alone or of all."""
    first: dict[tuple[str, ...], str] = {}
    for key, cell in zip(keys_of(looked, keys), map(folded, cells), strict=True):
        if all(key) and (cell or not filled) and first.setdefault(key, cell) != cell:
            return True
    return False
