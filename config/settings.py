"""Installation settings: `CASEBEAT_*` from the environment or a secrets directory, read once into types."""

import os
import re
from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from config import secrets_folder
from config.carriers.teams import Teams
from config.forces import FORCES
from config.mail import NO_VIRTUAL_DAYS, Mail
from config.message_kinds import MessageKind
from config.operations import Backup, Forms, Heartbeat, Logs, Server
from config.plain_yaml import shown
from config.replies import ReplyMailbox
from config.routes import CarrierSettings, Route
from config.slack import Slack
from config.strict_yaml import Faults

HERE = Path(__file__).parent
PREFIX = "CASEBEAT_"
_NESTED = {  # groups of settings, as a sentence names them
    "mail": "mail", "replies": "replies", "slack": "Slack", "teams": "Teams", "heartbeat": "the heartbeat",
    "backup": "backups", "forms": "forms", "server": "the server", "logs": "logs",
}  # fmt: skip
_MISTYPED = re.compile(rf"CASEBEAT_(?:{'|'.join(_NESTED)})_(?!_)", re.IGNORECASE)  # otherwise ignored as no setting
_OTHERS = {f"{PREFIX}SECRETS_DIR"}  # read here, and no setting


class Clock(StrEnum):
    """The days that count: real ones, or those that a demo or a test names."""

    REAL = "real"
    VIRTUAL = "virtual"


class Settings(BaseSettings):
    """All settings. Defaults are safe in production: mail to a local Maildir, embedded PostgreSQL, real days."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )
    home: Path = HERE.parent / ".casebeat"  # in the checkout, because a worker runs in a folder of its own
    database_url: SecretStr | None = None  # unset: the embedded PostgreSQL under home
    database_owner_url: SecretStr | None = None  # for migrate; unset: database_url
    mail: Mail = Mail()
    replies: ReplyMailbox = ReplyMailbox()
    slack: Slack = Slack()
    teams: Teams = Teams()
    heartbeat: Heartbeat = Heartbeat()
    backup: Backup = Backup()
    forms: Forms = Forms()
    server: Server = Server()
    logs: Logs = Logs()
    forces: Annotated[tuple[str, ...], NoDecode] = ()  # codes of those that are expected every day; unset: ever seen
    signing_secret: SecretStr | None = Field(None, min_length=32)  # unset: a file under home, made once
    signing_secret_before: SecretStr | None = Field(None, min_length=32)  # unset: a file under home
    signing_secret_before_until: date | None = None  # the last day on which it is believed; unset: no longer
    drop: Path | None = None  # the folder where source systems drop extracts
    sources: Path = HERE / "sources"  # the folder of profiles of sources that send their own columns
    source_secret: SecretStr | None = Field(None, min_length=32)  # unset: a file under home, made once
    erasure_secret: SecretStr | None = Field(None, min_length=32)  # unset: a file under home, made once
    policy: Path = HERE / "policy.yaml"
    panels: Path = HERE / "panels.yaml"
    calendar: Path = HERE / "calendar.yaml"
    clock: Clock = Clock.REAL

    @property
    def routes(self) -> tuple[Route, ...]:
        """Every carrier's route, in the order in which they are drained; those that are not set up too."""
        return tuple(value.route for _, value in self if isinstance(value, CarrierSettings))

    @property
    def main(self) -> Route:
        """The route that reaches everyone."""
        return next(route for route in self.routes if route.everyone)

    def routes_of(self, kind: MessageKind) -> tuple[Route, ...]:
        """The routes that are set up and carry messages of a kind."""
        return tuple(route for route in self.routes if route.on and kind in route.kinds)

    def route(self, channel: str) -> Route:
        """The route of a channel, whether it is set up or not. Raises KeyError where no carrier has it."""
        return {route.channel: route for route in self.routes}[channel]

    @field_validator("home", "drop", "sources", "policy", "panels", "calendar")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        try:
            return value.expanduser().absolute() if value is not None else None
        except RuntimeError:
            raise ValueError("begins with the home folder of nobody") from None

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _dialect(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("postgresql+psycopg2://"):
            raise ValueError("must begin postgresql+psycopg2://")
        return value

    @model_validator(mode="after")
    def _on_one_line(self) -> Self:
        if wrong := [name for name, text in _texts(self, PREFIX) if not text.isprintable()]:
            raise ValueError(f"{', '.join(wrong)}: is not one line of characters that can be shown")
        return self

    @field_validator("forces", mode="before")
    @classmethod
    def _codes(cls, value: Any) -> Any:
        codes = tuple(filter(None, re.split(r"[,\s]+", value))) if isinstance(value, str) else value
        if wrong := sorted({str(code) for code in codes} - FORCES.keys()):
            raise ValueError(f"no police force has the code {', '.join(map(shown, wrong))}: write codes as 45,46")
        return codes

    @field_validator("signing_secret_before_until", mode="before")
    @classmethod
    def _day(cls, value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError("is not a day: write it as 2027-03-31")
        return value

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.clock is Clock.VIRTUAL and self.mail.reaches_people:
            raise ValueError(NO_VIRTUAL_DAYS)
        if self.signing_secret_before and self.signing_secret_before_until is None:
            raise ValueError(f"{PREFIX}SIGNING_SECRET_BEFORE_UNTIL is missing: name the old secret's last day")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment first, then the files of CASEBEAT_SECRETS_DIR.

        Each file is named for its setting (`mail__password`).
        """
        del settings_cls, dotenv_settings
        folder = os.environ.get(f"{PREFIX}SECRETS_DIR")
        if not folder:
            return init_settings, env_settings
        return init_settings, env_settings, secrets_folder.source(file_secret_settings, folder)


def read() -> Settings:
    """Read the settings afresh. Raises Faults, which names every wrong setting and repeats no value."""
    if mistyped := sorted(name for name in os.environ if _MISTYPED.match(name)):
        raise Faults(f"Settings refused: {', '.join(mistyped)}: a setting of {_two_underscores()}. Nothing was done.")
    if unknown := sorted(name for name in os.environ if _is_unknown(name.upper())):
        raise Faults(f"Settings refused: {'; '.join(map(_unknown, unknown))}. Nothing was done.")
    secrets_folder.refuse(f"{PREFIX}SECRETS_DIR")
    try:
        return Settings()
    except ValidationError as error:
        faults = error.errors(include_input=False, include_context=False, include_url=False)
        raise Faults("Settings refused: " + "; ".join(map(_sentence, faults)) + ". Nothing was done.") from None
    except (SettingsError, OSError, ValueError, RecursionError):
        raise Faults(
            "Settings refused: a CASEBEAT_ variable or a file of CASEBEAT_SECRETS_DIR does not have the form of its "
            "setting, or a file there cannot be read. Nothing was done."
        ) from None


def settings() -> Settings:
    """Return the settings that the environment's variables name now; equal ones are read once. Raises Faults."""
    return _read_for(tuple((name, os.environ[name]) for name in os.environ if name.upper().startswith(PREFIX)))


@lru_cache(maxsize=4)
def _read_for(_variables: tuple[tuple[str, str], ...]) -> Settings:
    return read()


def meant(name: str) -> str | None:
    """Return the setting that is meant, perhaps, by the name of none, or nothing; None for a setting.

    A name is `mail__host`, in any case. Groups refuse their own unknown names.
    """
    group, underscores, rest = name.lower().partition("__")
    if group in Settings.model_fields:
        return None
    near = get_close_matches(group, Settings.model_fields, n=1)
    return f"{near[0]}{underscores}{rest}" if near else ""


def _is_unknown(name: str) -> bool:
    """Return whether a variable looks like a setting and is none."""
    return name.startswith(PREFIX) and name not in _OTHERS and meant(name.removeprefix(PREFIX)) is not None


def _unknown(name: str) -> str:
    near = meant(name.upper().removeprefix(PREFIX))
    perhaps = f"; {PREFIX}{near.upper()} is meant, perhaps" if near else ""
    return f"{name}: is not a setting that Casebeat knows{perhaps}"


def _two_underscores() -> str:
    after = ", one of ".join(f"{name} after {group.upper()}" for group, name in _NESTED.items())
    return after.replace(" after ", " has two underscores after ", 1)


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield every text among the settings, each with the name of its setting."""
    if isinstance(value, BaseModel):
        for field, inner in value:
            yield from _texts(inner, f"{name}{field.upper()}" if name == PREFIX else f"{name}__{field.upper()}")
    elif isinstance(value, SecretStr):
        yield name, value.get_secret_value()
    elif isinstance(value, str | Path):
        yield name, str(value)
    elif isinstance(value, tuple | dict):
        for inner in value.items() if isinstance(value, dict) else value:
            yield from _texts(inner, name)


def _sentence(fault: Any) -> str:
    message = fault["msg"].removeprefix("Value error, ").removeprefix("Input ").rstrip(".")
    message = "is not a setting that Casebeat knows" if fault["type"] == "extra_forbidden" else message
    names = [str(part) for part in fault["loc"]]
    of_all = not names or (len(names) == 1 and names[0] in _NESTED)
    return message if of_all else f"{PREFIX}{'__'.join(names).upper()}: {message}"
