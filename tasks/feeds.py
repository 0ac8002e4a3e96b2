"""The book as a whole: rules that belong to no case, worked out for every source in each round."""

from datetime import date, datetime

from config.terms import Risk
from models.queries import projection, sources
from models.rules import book, said
from models.rules.lifecycle import Amend, Begin, End, Setting, changes
from models.rules.outcome import Owes
from tasks import numbers
from tasks.database import transaction

WITHOUT_CASE = ("feed-stale",)


def project_feeds(today: date, at: datetime) -> int:
    """Work out what every source owes and write the difference; how much changed."""
    del at
    policy, calendar = numbers.policy(), numbers.calendar()
    with transaction() as connection:
        outcomes = (
            (rule, outcome, said.to_json(outcome.because) if isinstance(outcome, Owes) else "")
            for source, extracted_on in sources.last_extracted(connection)
            for rule, outcome in book.evaluate_feed(
                source, extracted_on, policy.rules, policy.feeds.stale_after, calendar
            )
        )
        setting = Setting(today, policy, None, Risk.UNKNOWN, calendar)
        stored = projection.stored_without_case(connection, WITHOUT_CASE)
        found = list(changes(stored, outcomes, setting, book.enabled(policy.rules)))
        ended = [change for change in found if isinstance(change, End)]
        projection.end(connection, ended, today)
        projection.begin(connection, ((None, one) for one in found if isinstance(one, Begin)), None, policy, today)
        projection.amend(connection, [one for one in found if isinstance(one, Amend)], policy)
        projection.resolve(connection, ended, today)
    return len(found)
