"""Which of several rows of another file counts: by its days, its grades, or the state of a row, where one says so."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from config.sources.cells import folded, own_name
from config.terms import Risk
from tasks.intake.files import FILES
from tasks.intake.profiles.proposal.fitting import are_days
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.matching import is_header_of
from tasks.intake.profiles.proposal.several import BORN, row_day
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.words import LONGEST_CODE, MOST_CODES, begins_with, meaning, plain
from tasks.platform.text import number_of

_ENDS = ("bail_ends_on", "ctl_expires_on", "expires_on", "due_on")  # days that say nothing of when a row was written
_MOST_STATES, _MOST_WORDS = 8, 3  # more, and they are no states but notes


class RowState(NamedTuple):
    """The column that says whether a row counts, which of its cells do, and the question where that is not known."""

    where: Mapping[str, Any]
    doubt: str
    question: str = ""  # which states count, though they may be known

    def counts(self, theirs: LookedAt, number: int) -> bool:
        """Return whether a row counts."""
        if not self.where:
            return True
        cell = theirs.cells(self.where["column"])[number].strip()
        return cell in self.where["is"] if "is" in self.where else cell not in self.where["is_not"]


class Choice(NamedTuple):
    """The keys of a look_up that say which of several rows counts, and the columns for which they do; all if none."""

    how: Mapping[str, Any]
    titles: tuple[str, ...] = ()


def choices(theirs: LookedAt, keys: Sequence[str]) -> list[Choice]:
    """Return how one of several rows may be chosen: codes are a list of all; of days the first or the newest counts."""
    found, days = [], _days_in(theirs)
    codes = _named(theirs.header.written, "offence_codes", "charged_codes")
    if codes:
        found.append(Choice({"all": True}, codes))
    for column, beside in (("charged_on", "charge_authorised_on"), ("next_hearing_on", "next_hearing_on")):
        if named := _named(days, column):
            found.append(Choice(_first(theirs, named[0]), (named[0], *_named(days, beside))))
    taken = {title for choice in found for title in choice.titles}
    if how := _newest(theirs, days, keys) or _by_grade(theirs):
        found.append(Choice(how, tuple(title for title in theirs.header.written if title and title not in taken)))
    return found


def _named(titles: Sequence[str], *columns: str) -> tuple[str, ...]:
    """Return the columns whose headers are names of one of ours."""
    ours = {column.name: column for file in FILES.values() for column in file.columns if column.name in columns}
    return tuple(title for title in titles if title and any(is_header_of(one, title) for one in ours.values()))


def _first(theirs: LookedAt, day: str) -> Mapping[str, Any]:
    empty = not all(map(str.strip, theirs.cells(day)))
    return ({"where": [{"column": day, "filled": True}]} if empty else {}) | {"oldest_by": day}


def _newest(theirs: LookedAt, days: Sequence[str], keys: Sequence[str]) -> Mapping[str, Any] | None:
    filled = [title for title in days if all(map(str.strip, theirs.cells(title)))]
    ends = _named(filled, *_ENDS)
    begun = [title for title in filled if title not in ends]
    newest = begun[0] if len(begun) == 1 else row_day(theirs, keys)
    return {"newest_by": newest} if newest else None


def _days_in(looked: LookedAt) -> list[str]:
    titles = [looked.title(place) for place in looked.header.names.values() if place < len(looked.columns)]
    named = [title for title in titles if not any(word in folded(title) for word in BORN)]
    return [title for title in named if are_days(looked.cells(title), looked.always)]


def _by_grade(theirs: LookedAt) -> Mapping[str, Any] | None:
    """Return the order of grades of risk, the worst first, where each is known."""
    for title in (title for title in theirs.header.written if plain(title) in vocabulary().headers["risk"]):
        cells = list(dict.fromkeys(filter(str.strip, theirs.cells(title))))
        if len(cells) > MOST_CODES or any(len(cell) > LONGEST_CODE for cell in cells):
            continue
        grades = {cell: meaning("risk", cell) for cell in cells}
        if cells and all(grades.values()):
            return {
                "worst_of": {
                    "column": title,
                    "order": sorted(cells, key=lambda one: [*Risk].index(Risk(grades[one] or ""))),
                }
            }
    return None


def state_of(theirs: LookedAt) -> RowState | None:
    """Return what says whether a row counts: a column of states, or of words of rows that count no longer."""
    for title in (title for title in theirs.header.written if title and own_name(title) in theirs.header.names):
        counted = Counter(filter(None, map(str.strip, theirs.cells(title))))
        if not counted or len(counted) > _MOST_STATES or any(len(cell.split()) > _MOST_WORDS for cell in counted):
            continue
        over = [cell for cell in counted if plain(cell).startswith(vocabulary().left_out.cells)]
        if over or (plain(title).split()[-1:] == ["state"] and len(counted) > 1):
            return _state(title, counted, over)
    return None


def _state(title: str, counted: Counter[str], over: Sequence[str]) -> RowState:
    count = [cell for cell in counted if begins_with(cell, vocabulary().row_counts)]
    known = bool(count) and len(count) + len(over) == len(counted)
    states = ", ".join(f"{cell} ({number_of(many, 'row')})" for cell, many in counted.items())
    question = f"Of {title} some rows are {states}: which of them count?"
    where = {"is": count} if count else {"is_not": list(over)} if over else {}
    return RowState({"column": title, **where} if where else {}, "" if known else question, question)
