from collections.abc import Iterator
from datetime import date

from config.duration import Duration
from config.terms import OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.outcome import Owes, Term


def feed_stale(
    source: str, last_extracted_on: date, stale_after: Duration, calendar: WorkingCalendar
) -> Iterator[Owes]:
    """A source that has sent before sends again: silence never looks like nothing being overdue.

    `last_extracted_on` is the London day of its latest extract. Source: none. Number: local standard, plain days
    (`feeds.stale_after_hours`, rounded up).
    """
    due = calendar.plus(last_extracted_on, stale_after)
    term = Term("last extract taken", last_extracted_on, stale_after, due)
    yield Owes(f"source:{source}", OwedBy.OPERATIONS, due, (term,), last_extracted_on)
