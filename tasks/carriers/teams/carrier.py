"""The Teams carrier: one POST to the flow of a place, at most once, since nobody can look into a channel afterwards."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import Connection, Engine

from config.days.london import london_day
from config.routes import Channel
from config.settings import Settings
from config.terms import State
from models.queries.outbox import case_threads
from models.queries.outbox.case_threads import PostPlace
from models.queries.outbox.outbox import ClaimedMessage
from tasks.carriers.carrier import Answer, Reading, seconds_asked
from tasks.carriers.case_threads import KINDS, CaseThreads
from tasks.carriers.teams.cards import card
from tasks.messages.composing import ComposedMessage
from tasks.network.one_request import NoAnswerError, NotReachedError, request
from tasks.platform.configuration import Configuration

LONGEST_WAIT = 3600
_WAIT = 60  # seconds, where the flow does not say how long
_UNKNOWN = "nobody knows whether it was posted: look at the channel, and requeue it where it is missing"
_REFUSED = {
    400: "the flow refused the card",
    401: "the flow refused its address: copy it again into teams.channels",
    403: "the flow refused its address: copy it again into teams.channels",
    404: "no flow has this address any more: have one made, by an account that stays, and set teams.channels",
    410: "no flow has this address any more: have one made, by an account that stays, and set teams.channels",
    413: "the card is too large for the flow",
}


class Carrier:
    """Teams, by one request for each card."""

    channel = Channel.TEAMS
    searchable = False  # a flow says that it took a request, and finds no post

    def __init__(self, configuration: Configuration, today: date) -> None:
        """Write what is true on the London day `today`."""
        self._configuration, self._today = configuration, today

    def prepare(self, claimed: Sequence[ClaimedMessage]) -> Reading:
        """Need nothing of the network."""
        del claimed
        return partial(Cards, self._configuration, self._today)

    def rest(self) -> float:
        """Wait for nothing: a flow says by itself when it is too much."""
        return 0.0

    def ready(self) -> None:
        """Check nothing: each place has a flow of its own, and one that is away stops no other."""

    def send(self, to: str, body: bytes, key: str) -> Answer:
        """Post one card to the place `to`, once."""
        del key
        teams = self._configuration.settings.teams
        url = teams.channels[to].get_secret_value()
        try:
            answer = request("POST", url, {"Content-Type": "application/json"}, body, proxy=teams.proxy)
        except NotReachedError as error:
            why = "its certificate is not trusted" if error.untrusted else error.why
            return Answer(State.RETRY, f"the flow's host cannot be reached ({why})")
        except NoAnswerError as error:
            return Answer(State.UNKNOWN, f"no whole answer of the flow ({error})")
        return by_status(answer.status, answer.headers)

    def takes(self, to: str) -> bool:
        """Return true: nobody is refused here for another's fault."""
        del to
        return True

    def look_for(self, to: str, body: bytes, key: str, sending_at: datetime) -> Answer:
        """Give the card up, so that operations are written to: posting it again could show it twice."""
        del to, body, key, sending_at
        return Answer(State.DEAD, _UNKNOWN)

    def forget(self, connection: Connection, to: str) -> None:
        """Forget nothing: addresses are the settings'."""

    def refresh(self) -> None:
        """Change nothing: a card that is posted stays as it is."""

    def close(self) -> None:
        """Close nothing: nothing is kept open."""


class Cards(CaseThreads):
    """One batch of cards."""

    def __init__(
        self, configuration: Configuration, today: date, connection: Connection, claimed: Sequence[ClaimedMessage]
    ) -> None:
        self._settings = configuration.settings
        super().__init__(configuration, connection, claimed, today)

    def misplaced(self, message: ClaimedMessage, place: PostPlace) -> str:
        """Leave out what the first card of the same day says."""
        said = message.day == place.parent_day and place.parent_state is not State.SILENT
        return "its case's first card says it" if said else ""

    def address(self, composed: ComposedMessage) -> str | Answer:
        """Find the place of a card, if it still has a flow."""
        place = self.places[composed.held.id].place if composed.held.kind in KINDS else ""
        return (
            place if place in self._settings.teams.channels else Answer(State.SILENT, "its place has no flow any more")
        )

    def body(self, composed: ComposedMessage, to: str) -> bytes:
        """Render a card."""
        del to
        if composed.context is None:
            raise ValueError("a message without content has no bytes")
        return card(composed.held.kind, composed.context)


def by_status(status: int, headers: Mapping[str, str]) -> Answer:
    """Interpret a flow's answer. A fault of the far end may come after the card was posted: nobody knows."""
    if 200 <= status < 300:
        return Answer(State.SENT, "")
    if status == 429:
        wait = seconds_asked(headers.get("retry-after", ""), otherwise=_WAIT, most=LONGEST_WAIT)
        return Answer(State.RETRY, "the flow has too much to do (429)", wait=wait)
    if status >= 500 or status == 408:
        return Answer(State.UNKNOWN, f"no sure answer of the flow ({status})")
    return Answer(State.DEAD, f"{_REFUSED.get(status, 'the flow refused the request')} ({status})")


def queue(connection: Connection, settings: Settings, today: date, due_at: datetime) -> None:
    """Queue a card for each case that was escalated, and for each step, where a place has a flow."""
    case_threads.begin(connection, Channel.TEAMS, sorted(settings.teams.channels), today, due_at)


def build(configuration: Configuration, database: Engine, as_of: datetime) -> Carrier:
    """Build the carrier of one delivery."""
    del database
    return Carrier(configuration, london_day(as_of))
