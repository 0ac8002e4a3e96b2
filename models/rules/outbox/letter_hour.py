"""The hours of London between which digests and other letters leave."""

from datetime import date, datetime

from config.days.london import at_london
from config.letters import LetterPolicy


def letter_hour(day: date, letter: LetterPolicy) -> datetime:
    """Return the moment of a day from which letters leave."""
    return at_london(day, letter.from_)


def letters_end(day: date, letter: LetterPolicy) -> datetime:
    """Return the moment of a day from which no round is begun for what comes late: it waits for the next day's."""
    return at_london(day, letter.until)


def leaves_at(day: date, letter: LetterPolicy, decided_at: datetime) -> datetime:
    """Return when a letter of a day leaves: from that day's hour, or at once if it is decided later."""
    return max(decided_at, letter_hour(day, letter))
