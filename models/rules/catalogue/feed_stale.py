from collections.abc import Iterator

from config.numbers import Numbers
from config.terms import Authority, EndReason, OwedBy
from models.rules.arithmetic import format_day
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import About, Rule
from models.rules.organisation_facts import ExpectedFact, FeedFact, FileFact
from models.rules.result import Outcome, Owes, OwesNothing, Term


def feed_stale(
    feed: FeedFact | FileFact | ExpectedFact,
    numbers: Numbers,  # noqa: ARG001  one shape for all rules
    calendar: WorkingCalendar,
) -> Iterator[Outcome]:
    """A source that has sent before sends again, with each file that it used to send, and one that is expected comes.

    So silence is never mistaken for nothing overdue. A file that is left out, or a source that never came, is owed on
    that day.

    Source: none. Number: local standard, plain days (`feeds.stale_after_hours`, rounded up).
    """
    if isinstance(feed, FileFact):
        yield _of_file(feed)
    elif isinstance(feed, ExpectedFact):
        missed = Term("expected and never sent, missed since", feed.since, None, feed.since)
        yield Owes(feed.subject, OwedBy.OPERATIONS, feed.since, (missed,))
    else:
        due = calendar.plus(feed.last_extracted_on, feed.stale_after)
        term = Term("last extract taken", feed.last_extracted_on, feed.stale_after, due)
        yield Owes(feed.subject, OwedBy.OPERATIONS, due, (term,), feed.last_extracted_on, done="an extract arrived")


def _of_file(file: FileFact) -> Outcome:
    if file.left_out_on is None:
        return OwesNothing(file.subject, EndReason.MET, "the newest extract has it", file.sent_on)
    last = f"last sent {format_day(file.sent_on)}" if file.sent_on else "never sent"
    term = Term("left out of the extract of", file.left_out_on, None, file.left_out_on, last)
    return Owes(file.subject, OwedBy.OPERATIONS, file.left_out_on, (term,))


RULE = Rule(
    "feed-stale",
    feed_stale,
    "Source has stopped sending",
    "A newer extract of the source is loaded (manifest.json: extracted_at), with the file.",
    "What is not sent cannot be chased: silence must not look like nothing being overdue.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    recurring=True,
    about=About.FEED,
    side="operations",
)
