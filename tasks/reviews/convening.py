"""Convening: give each case whose joint review falls due within its pair's horizon one of the pair's sittings."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.outbox import digests
from models.queries.reviews import convening_book, convenings
from models.rules.outbox.letter_hour import letter_hour
from models.rules.reviews.convening_book import ConveningDecision, DueReview
from models.rules.reviews.convening_decision import decide
from tasks.platform.configuration import Configuration
from tasks.platform.gc_pause import gc_paused
from tasks.platform.templates import note
from tasks.reviews import minutes
from tasks.reviews.horizons import outcomes_due, pairs_of
from tasks.servers.database import transaction


class ConveningCounts(NamedTuple):
    """Counts of one force's convening: cases that got a place, cases that lost theirs, and late cases."""

    force_code: str
    begun: int
    ended: int
    late: int  # cases decided now that have no place, or one after their deadline

    @property
    def changed(self) -> bool:
        """Return whether any case must be projected again."""
        return self.begun + self.ended > 0

    @property
    def sentence(self) -> str:
        """The counts as a line of text."""
        return f"force {self.force_code}: places given {self.begun}, taken back {self.ended}; late cases {self.late}"


def convene_force(configuration: Configuration, force_code: str, today: date) -> ConveningCounts:
    """Give a force's due reviews their sittings and write the difference in one transaction.

    The cases of a sitting that is settled get their minutes.
    """
    with gc_paused(), transaction() as connection:
        decision = _give_places(configuration, connection, [force_code], today)
        minutes.settle(configuration, connection, force_code, today)
    return ConveningCounts(force_code, len(decision.given), len(decision.ended), decision.late)


def give_places(configuration: Configuration, force_codes: Sequence[str], today: date) -> None:
    """Give the due reviews of several forces their sittings in one transaction, and no minutes."""
    with gc_paused(), transaction() as connection:
        _give_places(configuration, connection, force_codes, today)


def _give_places(
    configuration: Configuration, connection: Connection, force_codes: Sequence[str], today: date
) -> ConveningDecision:
    """Read the book of these forces, decide on it, and write the difference.

    The book of a force is read whole only where the decision depends on cases that have a place.
    """
    calendar, settled = configuration.calendar, configuration.policy.convening.settled
    book = convening_book.read(
        connection, pairs_of(configuration, force_codes, today), outcomes_due(configuration, force_codes, today), today
    )
    decision = decide(book, settled, calendar)
    if decision.unseen:
        decision = decide(convening_book.read_whole(connection, book, decision.unseen), settled, calendar)
    _write(configuration, connection, decision, today)
    return decision


def _write(configuration: Configuration, connection: Connection, decision: ConveningDecision, today: date) -> None:
    for look in decision.looks:
        convenings.end(connection, look.ended, today)
        convenings.reschedule(connection, look.kept)
        convenings.begin(connection, look.given, today)
    convenings.look_again(connection, {*decision.ended, *decision.given}, today)
    _tell_operations(configuration, connection, decision.chairless, today)


def _tell_operations(
    configuration: Configuration, connection: Connection, chairless: Iterable[DueReview], today: date
) -> None:
    """Tell operations, once for each due day, that a case has no sitting whose chair may hear of it."""
    for review in chairless:
        words = note("barred_chair.txt", {"force_code": review.force_code, "cps_area": review.cps_area})
        key = f"barred chair:{review.case_id}:{review.due.due_on}"
        due_at = letter_hour(today, configuration.policy.letter)
        digests.operations(connection, key, today, words, due_at, [configuration.settings.main])
