"""Classification of a case without the code of an offence: by its type, or by a group of classes as 8Q."""

import re
from collections import Counter
from collections.abc import Sequence

from config.sources.cells import folded
from config.sources.home_office import home_office_classes
from tasks.intake.files import CASES
from tasks.intake.profiles.proposal.fits import Fit
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.matching import Match, ProposedRows, Sureness
from tasks.intake.profiles.proposal.naming import is_header_of
from tasks.intake.profiles.proposal.states import is_state
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.words import begins_with, counted
from tasks.platform.text import number_of

_GROUP = re.compile(r"\d{1,3}[a-z]", re.ASCII)
_WINS = "It counts more than the offence codes: is a case that it calls harassment none of stalking?"


def with_classification(rows: ProposedRows, looked: LookedAt) -> ProposedRows:
    """Return rows of cases of which a classification that may hide a stalking offence is in doubt.

    Where the export has groups of classes and no offences, it is made from them, and the offences are asked for.
    """
    if rows.file is not CASES:
        return rows
    names = {match.name for match in rows.matches}
    if "offence_codes" not in names and (title := _grouped(looked)):
        others = tuple(match for match in rows.matches if match.name != "classification")
        return rows._replace(matches=(*others, *_of_groups(looked, title)))
    matches = (_ended(_doubted(match), looked) for match in rows.matches)
    return rows._replace(matches=tuple(_with_empty(match, rows, looked) for match in matches))


def _with_empty(match: Match, rows: ProposedRows, looked: LookedAt) -> Match:
    """Return the offences of cases, in doubt where codes are empty of which another column has the class or title."""
    if match.name != "offence_codes" or match.rivals:
        return match
    column = next(one for one in CASES.columns if one.name == match.name)
    titles = [title for title in looked.header.written if title and title not in match.own]
    case = next((one.own[0] for one in rows.matches if one.name == "case_ref"), None)
    cases = looked.cells(case) if case else [*map(str, range(len(looked.cells(match.own[0]))))]
    codes = _many(cases, looked, match.own)
    others = {title: _many(cases, looked, [title]) for title in titles if is_header_of(column, title, looked.read)}
    none = {one for one in codes if not codes[one] and any(other[one] for other in others.values())}
    fewer = {one for one in codes if codes[one] and any(other[one] > codes[one] for other in others.values())}
    able = [title for title, other in others.items() if any(other[one] > codes[one] for one in none | fewer)]
    if not able:
        return match
    many = f"{len(none):,} of {number_of(len(codes), 'case')} have no code in it, and {len(fewer):,} have one too few"
    doubt = f"{many}: may {' or '.join(able)} fill them?"
    return match._replace(doubt=f"{match.doubt} {doubt}".strip())


def _many(cases: Sequence[str], looked: LookedAt, titles: Sequence[str]) -> dict[str, int]:
    """Return how many offences columns have of each case; of a text that is not looked up, one."""
    found = dict.fromkeys(map(folded, cases), 0)
    for title in titles:
        for case, cell in zip(map(folded, cases), looked.cells(title), strict=True):
            parts = cell.split(";") if " / " in title else [cell]
            found[case] += sum(bool(part.strip()) for part in parts)
    return found


def _doubted(match: Match) -> Match:
    codes = match.fit.recipe.get("codes", {})
    hides = match.name == "classification" and set(codes.values()) != {"stalking"}
    return match._replace(doubt=_WINS) if hides and not match.rivals else match


def _ended(match: Match, looked: LookedAt) -> Match:
    """Return the day on which a case was finalised, in doubt where states beside it may be of cases that go on."""
    if match.name != "finalised_on" or match.is_asked or " / " in match.own[0]:
        return match
    days = looked.cells(match.own[0])
    for title in (title for title in looked.header.written if title and " / " not in title and is_state(title)):
        pairs = zip(looked.cells(title), days, strict=True)
        states = Counter(state.strip() for state, day in pairs if state.strip() and day.strip())
        if len(states) > 1 and not all(begins_with(state, vocabulary().over) for state in states):
            return match._replace(doubt=f"It is filled where {title} is {counted(states)}: is a case over in each?")
    return match


def _grouped(looked: LookedAt) -> str | None:
    """Return the column of groups of classes."""
    groups = _groups()
    for place in (place for place in looked.header.names.values() if place < len(looked.columns)):
        cells = {folded(cell) for cell in looked.columns[place] if cell.strip()}
        if cells & groups.keys() and all(map(_GROUP.fullmatch, cells)):
            return looked.title(place)
    return None


def _groups() -> dict[str, str]:
    return {name.lower(): str(one.classification) for name, one in home_office_classes().groups.items()}


def _of_groups(looked: LookedAt, title: str) -> tuple[Match, Match]:
    cells = [cell.strip() for cell in looked.cells(title) if cell.strip()]
    many, groups = Counter(cells), _groups()
    table = {cell: groups[folded(cell)] for cell in many if folded(cell) in groups}
    unknown = {cell: number for cell, number in many.items() if cell not in table}
    known = ", ".join(f"{cell} ({number_of(many[cell], 'row')})" for cell in table)
    read = sum(many[cell] for cell in table)
    return (
        Match("offence_codes", (title,), Fit({}, 0, len(cells)), Sureness.GUESS, required=True,
              doubt=f"{known} is a group of offences and names none of them: which column has the code or title?"),
        Match("classification", (title,), Fit({"codes": table, "unknown": unknown}, read, len(cells)), Sureness.LIKELY),
    )  # fmt: skip
