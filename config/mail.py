"""Mail settings. Without a host, messages go to a Maildir under the data directory."""

import re
from enum import StrEnum
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from config import mailbox
from config.carriers.oauth import EXCHANGE_SCOPE, OAuth, check_sign_in
from config.message_kinds import Reach, reaching
from config.routes import CarrierSettings, Channel, Route

KINDS = reaching(Reach.MAIL, Reach.PERSONS)
_MARKING = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ()\[\]-]{0,38}[A-Za-z0-9)\]])?", re.ASCII)
_SHARE = 15  # letters a minute and connection, at least: a batch has to leave before its claim ends
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
NO_VIRTUAL_DAYS = (
    "CASEBEAT_CLOCK is virtual, so that a round may run on a day that has not come, and CASEBEAT_MAIL__HOST would tell "
    "people of it: unset one of them. A test names a server on this machine, at a port that is neither 25, 465 nor 587"
)
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
GRAPH = "https://graph.microsoft.com"
_GRAPH = re.compile(rf"{re.escape(GRAPH)}|https://localhost:[0-9]{{1,5}}", re.ASCII)  # or a stand-in's, in tests
_GRAPH_SCOPE = f"{GRAPH}/.default"


class Security(StrEnum):
    """The transport security of the connection to the mail server."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Subjects(StrEnum):
    """How much a mail's subject says. A bare one names at most a case's reference: no offence, rule, day or count."""

    FULL = "full"
    BARE = "bare"


class Mail(CarrierSettings):
    """The mail carrier. Without a host, messages go to a Maildir under the data directory."""

    host: str | None = None
    port: int = Field(0, ge=0, le=65535)  # 0: the default port for the security
    user: str | None = None
    password: SecretStr | None = None
    oauth: OAuth = OAuth()  # sign in by a token, in place of the password
    graph: str = ""  # the address of Microsoft Graph: letters leave by its sendMail, in place of a mail server
    pace: int = Field(0, ge=0, le=10_000)  # letters a minute; 0: 30 with oauth, else as fast as the server takes them
    connections: int = Field(0, ge=0, le=3)  # at once, of all machines; 0: 1 with oauth, else one for each delivery
    from_address: str = ""  # empty: the mailbox with oauth, else casebeat@ and the domain of operations
    operations: str | None = None
    security: Security | None = None  # unset: starttls, or none to a server on this machine
    allowed_domains: Annotated[tuple[str, ...], NoDecode] = mailbox.ALLOWED_DOMAINS
    marking: str = ""  # a protective marking, as OFFICIAL-SENSITIVE: first in subject and body, and in a header
    subjects: Subjects = Subjects.FULL

    @property
    def route(self) -> Route:
        """Return the route: mail reaches everyone, operations included. Without a host it goes to the Maildir."""
        return Route(
            Channel.EMAIL, "The mail server", on=True, address="email", kinds=KINDS, everyone=True, operations=True,
            restricted=True,
        )  # fmt: skip

    @property
    def reaches_people(self) -> bool:
        """Return whether a letter may reach a person: not where the server is one of this machine at a port of its own.

        Where a machine has a mail server that sends letters on, it has one of the usual ports.
        """
        return self.host is not None and (self.host not in _LOOPBACK or self.port in _PORTS.values())

    @field_validator("marking")
    @classmethod
    def _one_marking(cls, value: str) -> str:
        if value and not _MARKING.fullmatch(value):
            raise ValueError(
                "is not a marking: write at most 40 letters, digits, spaces, hyphens or brackets, as OFFICIAL-SENSITIVE"
            )
        return value

    @field_validator("allowed_domains", mode="before")
    @classmethod
    def _from_commas(cls, value: Any) -> Any:
        return tuple(part.strip().lower() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("graph")
    @classmethod
    def _microsofts(cls, value: str) -> str:
        if value and not _GRAPH.fullmatch(value):
            raise ValueError(f"is not the address of Microsoft Graph: write {GRAPH}")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.graph:
            self._go_by_graph()
        if self.host is not None:
            self._check_operations()
            if self.security is Security.NONE and self.host not in _LOOPBACK:
                raise ValueError("mail.security: none is only for a mail server on this machine; set starttls or tls")
        if self.oauth.on:
            if self.host is None:
                raise ValueError("mail.host is missing: mail.oauth signs in to a mail server")
            check_sign_in("mail", self.user, password=self.password is not None)
        elif (self.user is None) != (self.password is None):
            raise ValueError("mail.user and mail.password: set both or neither")
        return self._completed()

    def _go_by_graph(self) -> None:
        if self.host is not None or self.port:
            raise ValueError("mail.host and mail.graph: set one of them")
        if not self.oauth.on:
            raise ValueError("mail.oauth is missing: Microsoft Graph takes letters from an app alone")
        there = urlsplit(self.graph)
        scope = _GRAPH_SCOPE if self.oauth.scope == EXCHANGE_SCOPE else self.oauth.scope
        for name, value in (
            ("host", there.hostname),
            ("port", there.port or 443),
            ("security", Security.TLS),
            ("oauth", self.oauth.model_copy(update={"scope": scope})),
        ):
            object.__setattr__(self, name, value)

    def _check_operations(self) -> None:
        if not self.operations:
            raise ValueError("mail.operations is missing: with mail.host set, name the operations mailbox")
        if not mailbox.allowed(self.operations, self.allowed_domains):
            raise ValueError("mail.operations is not one mailbox in mail.allowed_domains")

    def _completed(self) -> Self:
        security = self.security or (Security.NONE if self.host in _LOOPBACK else Security.STARTTLS)
        domain = mailbox.domain_of(self.operations) if self.operations else None
        sender = self.user if self.oauth.on else f"casebeat@{domain or 'casebeat.invalid'}"
        pace, connections = (30, 1) if self.oauth.on else (0, 0)
        for name, value in (
            ("security", security),
            ("port", self.port or _PORTS[security]),
            ("from_address", self.from_address or sender),
            ("pace", self.pace or pace),
            ("connections", self.connections or connections),
        ):
            object.__setattr__(self, name, value)
        if self.pace and self.pace < _SHARE * max(1, self.connections):
            raise ValueError(f"mail.pace: give each connection at least {_SHARE} letters a minute")
        if mailbox.domain_of(self.from_address) is None:
            raise ValueError("mail.from_address is not one plain mailbox")
        return self
