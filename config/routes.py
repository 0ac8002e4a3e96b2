"""The channels, and the route of each: how it reaches people, as its settings declare."""

from abc import abstractmethod
from enum import StrEnum
from typing import NamedTuple

from config.message_kinds import MessageKind
from config.strict_yaml import Strict


class Channel(StrEnum):
    """The channels by which messages travel, one carrier each."""

    EMAIL = "email"
    SLACK = "slack"
    TEAMS = "teams"


class Route(NamedTuple):
    """One channel, as the duties that write messages and the outbox know it."""

    channel: str  # as rows store it
    name: str  # as a sentence begins with it
    on: bool  # set up, so that messages are written for it
    address: str  # the column of contacts that holds a person's address on it; none where it reaches no person
    kinds: frozenset[MessageKind]  # those that it carries
    everyone: bool = False  # the main route: it reaches every contact, and every message that has one place takes it
    operations: bool = False  # operations read it
    restricted: bool = False  # a restricted case may be named on it


class CarrierSettings(Strict):
    """The settings of one carrier, which declare its route."""

    @property
    @abstractmethod
    def route(self) -> Route:
        """The route that these settings make."""
