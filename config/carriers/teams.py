"""Microsoft Teams settings: the channels of forces and Areas, each by the address of its Workflows flow."""

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import NoDecode

from config.carriers.places import by_place, known
from config.carriers.proxy import ProxyAddress
from config.message_kinds import Reach, reaching
from config.routes import CarrierSettings, Channel, Route

KINDS = reaching(Reach.PLACES)  # people read the rest by mail
_FLOW = re.compile(r"(?:[a-z0-9-]+\.)+(?:logic\.azure\.com|api\.powerplatform\.com)(?::443)?", re.ASCII)
_STAND_IN = re.compile(r"localhost:[0-9]{1,5}", re.ASCII)
_WRITTEN = re.compile(r"[\x21-\x7e]{1,2000}")


class Teams(CarrierSettings):
    """The Teams carrier: off until a place has a flow. A flow's address is a secret: whoever has it may post."""

    channels: Annotated[
        dict[str, SecretStr], NoDecode, by_place("45=https://…,South East=https://…"), AfterValidator(known)
    ] = Field(default_factory=dict)
    proxy: ProxyAddress = ""  # by which the flows are reached
    stand_in: bool = False  # tests only: an address may be a stand-in's on this machine

    @property
    def route(self) -> Route:
        """Teams reaches no person: it has the channels that forces and Areas share, and nothing restricted."""
        return Route(Channel.TEAMS, "Teams", on=bool(self.channels), address="", kinds=KINDS)

    @model_validator(mode="after")
    def _flows(self) -> Self:
        wrong = sorted(place for place, url in self.channels.items() if not self._is_flow(url.get_secret_value()))
        if wrong:
            raise ValueError(
                f"teams.channels of {', '.join(wrong)}: is not the https address of a Workflows flow of Microsoft's, "
                "as Teams shows it; the older addresses of webhook.office.com are retired"
            )
        return self

    def _is_flow(self, url: str) -> bool:
        if not _WRITTEN.fullmatch(url):
            return False
        parts = urlsplit(url)
        host = parts.netloc.lower()
        allowed = _FLOW.fullmatch(host) or (self.stand_in and _STAND_IN.fullmatch(host))
        return parts.scheme == "https" and bool(allowed) and len(parts.path) > 1 and not parts.fragment
