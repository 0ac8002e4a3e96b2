"""Convening: give each case whose joint review falls due within its pair's horizon one of the pair's sittings.

Once a sitting is settled, its cases get their minutes once and for all.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.outbox import digests
from models.queries.reviews import convening_book, convenings, minutes, sittings
from models.queries.reviews.minutes import ConvenedRow, OwedDays
from models.rules.obligations.severity import severity
from models.rules.outbox.letter_hour import letter_hour
from models.rules.reviews.agenda_order import RankedObligation, SeatedCase, place, running_order
from models.rules.reviews.convening_book import ConveningDecision, DueReview, movable
from models.rules.reviews.convening_decision import decide
from tasks.platform import faults
from tasks.platform.configuration import Configuration
from tasks.platform.gc_pause import gc_paused
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
        settle_minutes(configuration, connection, force_code, today)
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
        words = faults.note(
            configuration.settings, "barred_chair", {"force_code": review.force_code, "cps_area": review.cps_area}
        )
        key = f"barred chair:{review.case_id}:{review.due.due_on}"
        due_at = letter_hour(today, configuration.policy.letter)
        digests.operations(connection, key, today, words, due_at, [configuration.settings.main])


def settle_minutes(configuration: Configuration, connection: Connection, force_code: str, today: date) -> int:
    """Give the cases of a force's sittings that are settled by today their minutes; return how many sittings.

    Whatever was not reached or failed before goes first, then the most urgent; those that bar somebody come after all
    others. From then on no case moves: one that goes leaves its minutes empty, one that comes takes empty minutes or
    the end. A sitting that is still empty is settled once it has cases.
    """
    ahead = sittings.ahead(connection, [force_code], today)
    still = movable(ahead, today, configuration.policy.convening.settled, configuration.calendar)
    ids = [sitting.id for sitting in ahead if sitting.awaits_minutes and sitting.id not in still]
    if ids:
        orders = {id_: running_order(seats) for id_, seats in _seats(connection, ids, today).items()}
        minutes.settle(connection, orders, today)
    if apart := [sitting.id for sitting in ahead if sitting.apart]:
        convenings.put_last(connection, apart)
    return len(ids)


def _seats(connection: Connection, sitting_ids: list[int], today: date) -> dict[int, list[SeatedCase]]:
    """Return the cases of each sitting."""
    rows = minutes.convened(connection, sitting_ids)
    owed = minutes.owed(connection, [row.case_id for row in rows])
    seats: dict[int, list[SeatedCase]] = defaultdict(list)
    for row in rows:
        seats[row.sitting_id].append(_seated(row, owed.get(row.case_id, []), today))
    return seats


def _seated(row: ConvenedRow, owed: list[OwedDays], today: date) -> SeatedCase:
    ranked = (
        RankedObligation(
            one.hard, one.stalls, one.due_on, severity(one.due_on, one.remind_on, one.escalate_on, today)
        )
        for one in owed
    )  # fmt: skip
    position = place(ranked, row.risk, row.reference, today)
    return SeatedCase(row.convening_id, row.failed, position, row.apart)
