"""Composing of messages about reviews without a place in time, from current data, or the reason for silence."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from config.forces import pair_name
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.queries.people import disclosure
from models.queries.reviews import capacity
from models.queries.reviews.capacity import LateReview, Pair
from models.rules.people.readdressing import BARRED, LEFT
from models.rules.reviews.convening import by_worth
from tasks.messages.capacity.contexts import CapacityContext, LateCase
from tasks.messages.composing import ComposedMessage, MessageBatch
from tasks.messages.readers import of_reader
from tasks.platform.configuration import Configuration
from tasks.reviews.shortfall import Shortage, shortage

NONE_LATE = "no review is late any more"
NONE_DUE = "none is to be convened by hand any more"
LATE_AGAIN = "a review is late again"
NO_PANEL = "there is no panel any more"
BETWEEN = "; "  # separates the pairs that a message is about


class CapacityBatch:
    """The data that a batch of these messages needs; each pair is read once for all readers who may know the same."""

    def __init__(self, connection: Connection, messages: Sequence[ClaimedMessage], world: MessageBatch) -> None:
        about = capacity.about(connection, [held.id for held in messages])
        self._about = {id_: pairs_in(each) for id_, each in about.items()}
        refs = {held.contact_ref for held in messages}
        people = sorted(ref for ref in refs if ref)
        self._hidden: dict[str | None, frozenset[int]] = {}
        if people:
            self._hidden.update(disclosure.hidden_cases(connection, people))
        if None in refs:  # operations read no reference of a case from which anybody is barred
            self._hidden[None] = disclosure.barring_cases(connection)
        views = {(pair, self._hidden_from(held.contact_ref)) for held in messages for pair in self._about[held.id]}
        self._found = {
            (pair, hidden): shortage(world.configuration, connection, pair, world.today, hidden)
            for pair, hidden in views
        }
        self._never_told = {
            (pair, ref)
            for ref in self._hidden
            for pair in {pair for pair, _ in views}
            if ref and not capacity.was_told(connection, pair, ref)
        }

    def _hidden_from(self, ref: str | None) -> frozenset[int]:
        return self._hidden.get(ref, frozenset())

    def compose(self, held: ClaimedMessage, world: MessageBatch) -> ComposedMessage:
        """Compose one message, unless it no longer applies."""
        reader = world.reader(held)
        how = held.key.split(":")[1]
        found = [self._found[pair, self._hidden_from(held.contact_ref)] for pair in self._about[held.id]]
        if how == "by-hand":
            found = [each for each in found if not each.panel and each.late]
        nothing = _silence_reason(how, found)
        if how == "right" and any((each.pair, held.contact_ref) in self._never_told for each in found):
            nothing = BARRED  # what was late was a case that is not there for this reader
        if world.has_left(held):
            nothing = LEFT
        return ComposedMessage(
            held,
            reader,
            None if nothing else _lacking(world.configuration, how, found, reader, world.today),
            {},
            nothing,
        )


def pairs_in(about: str) -> list[Pair]:
    """Parse the pairs that a message is about, each written as 45/South East."""
    return [pair_of(each) for each in about.split(BETWEEN)]


def pair_of(about: str) -> Pair:
    """Parse a pair written as 45/South East."""
    code, _, area = about.partition("/")
    return code, area


def _silence_reason(how: str, found: Sequence[Shortage]) -> str:
    """Return why the message is not sent; empty if it is."""
    if how == "by-hand":
        return "" if found else NONE_DUE
    if not all(each.panel for each in found):
        return NO_PANEL
    late = any(each.late for each in found)
    if how == "right":
        return LATE_AGAIN if late else ""
    return "" if late else NONE_LATE


def _lacking(
    configuration: Configuration, how: str, found: Sequence[Shortage], reader: Reader | None, today: date
) -> CapacityContext:
    late = sorted((one for each in found for one in each.late), key=lambda one: by_worth(one.review.due(today)))
    open_ = [one for one in late if not one.restricted or (reader is not None and reader.restricted_access)]
    listed = tuple(_case(one, today) for one in open_)
    shown = listed[: configuration.policy.letter.longest.listed]
    return CapacityContext(
        **of_reader(reader, today),
        how="by-hand" if how == "by-hand" else "right" if how == "right" else "late",
        pairs=tuple(pair_name(*each.pair) for each in found),
        until_on=max(each.until_on for each in found),
        late=len(late),
        more=tuple(more for each in found for more in each.more),
        restricted=len(late) - len(open_),
        cases=shown,
        left_out=len(listed) - len(shown),
        listed=listed,
    )


def _case(one: LateReview, today: date) -> LateCase:
    return LateCase(
        reference=f"{one.force_code}/{one.review.case_ref}",
        urn=one.urn,
        risk=one.review.risk,
        due_on=one.review.due_on,
        days=(today - one.review.due_on).days,
        deadline_on=one.deadline_on,
        sits_at=one.starts_at,
        sitting=one.sitting_ref,
    )
