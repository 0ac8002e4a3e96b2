"""The settings of operations: the Prefect server and its forms, backups, logs, and the outside dead-man's switch."""

import re
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from config.strict_yaml import Strict

# without underscores, which proxies drop or take for hyphens
_OWN_HEADER = re.compile(r"X-[A-Za-z0-9]+(-[A-Za-z0-9]+)*", re.IGNORECASE)


class Server(Strict):
    """A Prefect server on loopback, how its workers share a round, and the life of its runs, artifacts and logs."""

    port: int = Field(4200, gt=0, le=65535)
    health_port: int = Field(4280, gt=0, le=65535)  # of /health, /ready and /metrics
    sign_in: SecretStr | None = None  # user:password; unset: a file under home, made once
    shares: int = Field(1, ge=1, le=99)  # runs among which the daily round divides its forces; 1: it runs them itself
    keep_days: int = Field(30, ge=1, le=3_650)  # days
    guide_url: str = ""  # where people open this guide's site; unset: alarms name its headings

    @field_validator("guide_url")
    @classmethod
    def _open_to_people(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (
            parts.scheme not in {"http", "https"} or parts.hostname in {None, "localhost", "127.0.0.1", "::1"}
        ):
            raise ValueError("is not an address that people can open: begin it with https://")
        return value

    @field_validator("sign_in")
    @classmethod
    def _pair(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not all(value.get_secret_value().partition(":")):
            raise ValueError("must be user:password")
        return value


class Forms(Strict):
    """Whether a form may act, and in whose name: a UI without a sign-in lets anybody act in anybody's name."""

    trusted: bool = False
    identity_header: str = ""  # by which the proxy names the address that signed in; unset: By is believed

    @field_validator("identity_header")
    @classmethod
    def _name(cls, value: str) -> str:
        if value and not _OWN_HEADER.fullmatch(value):
            raise ValueError("is not a header of the proxy's own: name one as X-Casebeat-Signed-In")
        return value


class Backup(Strict):
    """Where the nightly backups go, and how many are kept."""

    folder: Path | None = None  # unset: backups/ of the data directory
    keep: int = Field(14, ge=1, le=400)
    elsewhere: bool = False  # your own server is backed up by other means: none is made, and none is missed

    @field_validator("folder")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_absolute():
            raise ValueError("must begin with /: the nightly run is in a folder of its own")
        return value

    def folder_in(self, home: Path) -> Path:
        """Return the folder of the backups of a data directory."""
        return self.folder or home / "backups"


class LogForm(StrEnum):
    """The form of a log line: plain text, or an object of JSON."""

    PLAIN = "plain"
    JSON = "json"


class LogsTo(StrEnum):
    """Where the programs of `casebeat serve` write: a file each, or its own output, as to the journal."""

    FILES = "files"
    OUTPUT = "output"


class Logs(Strict):
    """How the installation's programs write their lines, and where; and the name of this process among them."""

    form: LogForm = LogForm.PLAIN
    to: LogsTo = LogsTo.FILES
    program: str = Field("", pattern="^[a-z-]*$")  # unset: what it prints is for a person


class Heartbeat(Strict):
    """Where a heartbeat goes while the whole book is accounted for. Without a URL, none is sent."""

    url: SecretStr | None = None  # whoever knows it can silence the alarm

    @field_validator("url")
    @classmethod
    def _web(cls, value: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(value.get_secret_value()) if value is not None else None
        if parts is not None and not (parts.scheme in {"http", "https"} and parts.netloc):
            raise ValueError("is not a web address: begin it with https://")
        return value
