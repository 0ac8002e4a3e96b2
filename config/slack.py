"""Slack settings. Without a token Slack is off: nothing is written for it and nothing is sent."""

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import NoDecode

from config.carriers.places import by_place, known
from config.carriers.proxy import ProxyAddress
from config.message_kinds import Reach, reaching
from config.routes import CarrierSettings, Channel, Route

BASE_URL = "https://slack.com/api/"
_LOOPBACK = re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}/api/")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{5,20}")


KINDS = reaching(Reach.PERSONS, Reach.PLACES)


class Click(StrEnum):
    """The request that a button makes."""

    HOLD = "hold"
    SHOW = "show"
    CONFIRM = "confirm"  # the grade of a case's risk


class ClickState(StrEnum):
    """The state of a click."""

    HEARD = "heard"
    DONE = "done"
    REFUSED = "refused"


class Slack(CarrierSettings):
    """The Slack carrier, its channels for forces and Areas, and its buttons. Off until it has a token."""

    token: SecretStr | None = None  # xoxb-…: posts
    app_token: SecretStr | None = None  # xapp-…: listens to buttons
    team: str = ""  # T…: the team whose clicks are trusted
    app: str = ""  # A…: the app whose buttons are trusted
    channels: Annotated[  # Slack channel ids by force code or CPS Area
        dict[str, str], NoDecode, by_place("45=C0123ABC,South East=C0456DEF"), AfterValidator(known)
    ] = Field(default_factory=dict)
    operations: str = ""  # C…: the Slack channel for operations messages, besides the mailbox
    proxy: ProxyAddress = ""  # by which Slack is reached
    base_url: str = BASE_URL
    stand_in: bool = False  # tests only: base_url may be a stand-in on 127.0.0.1

    @property
    def on(self) -> bool:
        """Return whether any message goes by Slack."""
        return self.token is not None

    @property
    def buttons(self) -> bool:
        """Return whether messages carry buttons, which needs a listener."""
        return self.on and self.app_token is not None

    @property
    def route(self) -> Route:
        """Slack reaches those contacts that have a Slack user, and operations where they have a Slack channel."""
        return Route(
            Channel.SLACK, "Slack", on=self.on, address="slack_user_id", kinds=KINDS, operations=bool(self.operations)
        )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        wrong = [
            fault
            for held, fault in (
                (self.token and not _begins(self.token, "xoxb-"), "slack.token is not a bot token (xoxb-…)"),
                (
                    self.app_token and not _begins(self.app_token, "xapp-"),
                    "slack.app_token is not an app token (xapp-…)",
                ),
                (not self.on and self._more, "slack.token is missing: no other Slack setting is used without it"),
                (
                    self.buttons and not (self.team and self.app),
                    "slack.team and slack.app are needed to trust a click",
                ),
                (
                    self.base_url != BASE_URL and not self._is_stand_in,
                    "slack.base_url must be Slack's own, or a stand-in in tests",
                ),
                (
                    not all(map(_CHANNEL.fullmatch, self._named)),
                    "slack.channels and slack.operations must give the ids of Slack channels",
                ),
            )
            if held
        ]
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def _more(self) -> bool:
        return bool(self.app_token or self.channels or self.operations)

    @property
    def _named(self) -> list[str]:
        return [*self.channels.values(), *([self.operations] if self.operations else [])]

    @property
    def _is_stand_in(self) -> bool:
        return self.stand_in and _LOOPBACK.fullmatch(self.base_url) is not None


def _begins(secret: SecretStr, prefix: str) -> bool:
    value = secret.get_secret_value()
    return value.startswith(prefix) and re.fullmatch(r"[\x21-\x7e]+", value) is not None
