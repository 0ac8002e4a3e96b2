from collections.abc import Iterator

from config.numbers import Numbers
from config.terms import Authority, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import About, Rule
from models.rules.organisation_facts import FeedFact
from models.rules.result import Outcome, Owes, Term


def feed_stale(feed: FeedFact, numbers: Numbers, calendar: WorkingCalendar) -> Iterator[Outcome]:  # noqa: ARG001  one shape for all rules
    """A source that has sent before sends again, so that its silence is never mistaken for nothing overdue.

    Source: none. Number: local standard, plain days (`feeds.stale_after_hours`, rounded up).
    """
    due = calendar.plus(feed.last_extracted_on, feed.stale_after)
    term = Term("last extract taken", feed.last_extracted_on, feed.stale_after, due)
    yield Owes(feed.subject, OwedBy.OPERATIONS, due, (term,), feed.last_extracted_on)


RULE = Rule(
    "feed-stale",
    feed_stale,
    "Source has stopped sending",
    "A newer extract of the source is loaded (manifest.json: extracted_at).",
    "What is not sent cannot be chased: silence must not look like nothing being overdue.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    recurring=True,
    about=About.FEED,
    side="operations",
)
