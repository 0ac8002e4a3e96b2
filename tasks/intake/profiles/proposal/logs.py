"""A dated log: many lines for a case, each with a day and a kind of event."""

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from config.sources.cells import folded
from tasks.intake.files import FILES
from tasks.intake.profiles.proposal.fits import Fit
from tasks.intake.profiles.proposal.fitting import fit
from tasks.intake.profiles.proposal.looking import LookedAt
from tasks.intake.profiles.proposal.vocabulary import vocabulary
from tasks.platform.configuration import Configuration

_MOST_EVENTS = 200


class ProposedLog(NamedTuple):
    """A log of CPS cases: its columns, and the events whose days are those of a case."""

    urn: str
    day: str
    event: str
    prosecutor: str | None
    days: dict[str, tuple[str, str]]  # by column: the column of the day, and the event
    forms: Fit
    others: tuple[str, ...]  # events of which nothing is made

    @property
    def own(self) -> list[str]:
        """Return the columns whose days are read."""
        return list(dict.fromkeys(day for day, _ in self.days.values()))


def log_in(configuration: Configuration, looked: LookedAt) -> ProposedLog | None:
    """Return the log of CPS cases that a file seems to be."""
    headers, words = vocabulary().headers, vocabulary().log
    urn, event, day = (_named(looked, names) for names in (headers["urn"], words.event, words.event_day))
    if urn is None or event is None or day is None:
        return None
    cases, events = Counter(looked.columns[urn]), Counter(filter(None, map(str.strip, looked.columns[event])))
    if len(cases) >= len(looked.columns[urn]) or len(events) > _MOST_EVENTS:
        return None
    titles, due, lawyer = (
        looked.header.written,
        _named(looked, words.due_day),
        _named(looked, headers["prosecutor_ref"]),
    )
    days: dict[str, tuple[str, str]] = {}
    for known in words.events:
        said = _event(events, known.begins)
        place = due if known.day == "due" else day
        if said is not None and place is not None:
            days.setdefault(known.column, (titles[place], said))
    if not days:
        return None
    read = [value for place in {day, due} - {None} for value in looked.columns[place or 0]]
    charged = next(one for one in FILES["cps_cases.csv"].columns if one.name == "charged_on")
    used = {event for _, event in days.values()}
    return ProposedLog(
        titles[urn],
        titles[day],
        titles[event],
        None if lawyer is None else titles[lawyer],
        days,
        fit(configuration, charged, read, looked.always),
        tuple(sorted(set(events) - used)),
    )


def _event(events: Collection[str], begins: str) -> str | None:
    """Return the event that begins so; None where several do, of which some may take back what others say."""
    found = [text for text in events if folded(text).startswith(begins)]
    exact = [text for text in found if folded(text) == begins]
    return (exact or found)[0] if exact or len(found) == 1 else None


def _named(looked: LookedAt, names: tuple[str, ...]) -> int | None:
    return next((looked.header.names[name] for name in names if name in looked.header.names), None)
