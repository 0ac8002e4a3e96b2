"""Which of several rows of another file counts: by its days or its grades."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from config.sources.cells import folded
from config.terms import Risk
from tasks.intake.files import FILES
from tasks.intake.profiles.proposal.fitting import are_days
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.naming import is_header_of, names_of, title_words
from tasks.intake.profiles.proposal.several import BORN, row_day
from tasks.intake.profiles.proposal.versions import are_in_order, version_of
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.intake.profiles.proposal.words import LONGEST_CODE, MOST_CODES, meaning

_LIMITS = ("ctl_expires_on", "expires_on", "due_on", "next_hearing_on", "decision_required_by")
_ENDS = ("bail_ends_on", *_LIMITS)  # days that say nothing of when a row was written


class Choice(NamedTuple):
    """The keys of a look_up that say which of several rows counts, and the columns for which they do; all if none."""

    how: Mapping[str, Any]
    titles: tuple[str, ...] = ()


def choices(theirs: LookedAt, keys: Sequence[str]) -> list[Choice]:
    """Return how one of several rows may be chosen: codes are a list of all; of days the first or the newest counts."""
    found, days = [], _days_in(theirs)
    codes = _named(theirs, theirs.header.written, "offence_codes", "charged_codes")
    if codes:
        found.append(Choice({"all": True}, codes))
    for column, beside in (("charged_on", "charge_authorised_on"), ("next_hearing_on", "next_hearing_on")):
        if named := _named(theirs, days, column):
            found.append(Choice(_first(theirs, named[0]), (named[0], *_named(theirs, days, beside))))
    taken = {title for choice in found for title in choice.titles}
    limits = _named(theirs, days, *_LIMITS)  # an earlier one of another row would be hidden
    if how := _newest(theirs, days, keys) or _by_grade(theirs):
        titles = (title for title in theirs.header.written if title and title not in taken)
        found.append(Choice(how, tuple(title for title in titles if title not in limits)))
    return found


def _named(theirs: LookedAt, titles: Sequence[str], *columns: str) -> tuple[str, ...]:
    """Return the columns whose headers are names of one of ours."""
    ours = {column.name: column for file in FILES.values() for column in file.columns if column.name in columns}
    return tuple(
        title for title in titles if title and any(is_header_of(one, title, theirs.read) for one in ours.values())
    )


def _first(theirs: LookedAt, day: str) -> Mapping[str, Any]:
    empty = not all(map(str.strip, theirs.cells(day)))
    return ({"where": [{"column": day, "filled": True}]} if empty else {}) | {"oldest_by": day}


def _newest(theirs: LookedAt, days: Sequence[str], keys: Sequence[str]) -> Mapping[str, Any] | None:
    filled = [title for title in days if all(map(str.strip, theirs.cells(title)))]
    begun = [title for title in filled if not _is_an_end(theirs, title)]
    newest = begun[0] if len(begun) == 1 else row_day(theirs, keys, but=(title for title in days if title not in begun))
    version = version_of(theirs, keys)
    if version and not (newest and are_in_order(theirs, keys, newest, version)):
        return {"highest_by": version}
    return {"newest_by": newest} if newest else None


def _is_an_end(theirs: LookedAt, title: str) -> bool:
    """Return whether a day says nothing of when its row was written, since it is of something that is yet to come."""
    return bool({*title_words(title).split()} & {*vocabulary().ends}) or bool(_named(theirs, [title], *_ENDS))


def _days_in(looked: LookedAt) -> list[str]:
    titles = [looked.title(place) for place in looked.header.names.values() if place < len(looked.columns)]
    named = [title for title in titles if not any(word in folded(title) for word in BORN)]
    return [title for title in named if are_days(looked.cells(title), looked.always)]


def _by_grade(theirs: LookedAt) -> Mapping[str, Any] | None:
    """Return the order of grades of risk, the worst first, where each is known."""
    for title in (title for title in theirs.header.written if title_words(title) in names_of("risk")):
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
