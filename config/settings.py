"""What an installation sets: `CASEBEAT_*` from the environment or a secrets directory, read once into types."""

import os
import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from config import mailbox
from config.replies import ReplyMailbox
from config.slack import Slack
from config.strict_yaml import Faults

HERE = Path(__file__).parent
PREFIX = "CASEBEAT_"
_MISTYPED = re.compile(r"CASEBEAT_(?:MAIL|REPLIES|SLACK)_(?!_)", re.IGNORECASE)  # would else be no setting at all
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Security(StrEnum):
    """How the way to the mail server is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Clock(StrEnum):
    """Whose days count: today's, or those that a demo or a test names."""

    REAL = "real"
    VIRTUAL = "virtual"


class Mail(BaseModel):
    """The mail carrier. Without a host, messages go to a Maildir under the data directory."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    host: str | None = None
    port: int = Field(0, ge=0, le=65535)  # 0: the usual one of its security
    user: str | None = None
    password: SecretStr | None = None
    from_address: str = ""  # empty: casebeat@ the domain of operations
    operations: str | None = None
    security: Security | None = None  # unset: starttls, but none to a server on this machine
    allowed_domains: Annotated[tuple[str, ...], NoDecode] = mailbox.ALLOWED_DOMAINS

    @field_validator("allowed_domains", mode="before")
    @classmethod
    def _from_commas(cls, value: Any) -> Any:
        return tuple(part.strip().lower() for part in value.split(",")) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.host is not None:
            self._check_operations()
            if self.security is Security.NONE and self.host not in _LOOPBACK:
                raise ValueError("mail.security: none is only for a mail server on this machine; set starttls or tls")
        if (self.user is None) != (self.password is None):
            raise ValueError("mail.user and mail.password: set both or neither")
        return self._completed()

    def _check_operations(self) -> None:
        if not self.operations:
            raise ValueError("mail.operations is missing: with mail.host set, name the operations mailbox")
        if not mailbox.allowed(self.operations, self.allowed_domains):
            raise ValueError("mail.operations is not one mailbox in mail.allowed_domains")

    def _completed(self) -> Self:
        security = self.security or (Security.NONE if self.host in _LOOPBACK else Security.STARTTLS)
        domain = mailbox.domain_of(self.operations) if self.operations else None
        usual = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
        for name, value in (
            ("security", security),
            ("port", self.port or usual[security]),
            ("from_address", self.from_address or f"casebeat@{domain or 'casebeat.invalid'}"),
        ):
            object.__setattr__(self, name, value)
        if mailbox.domain_of(self.from_address) is None:
            raise ValueError("mail.from_address is not one plain mailbox")
        return self


class Settings(BaseSettings):
    """All settings. A default is right in production: mail to a local Maildir, PostgreSQL of its own, real days."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )
    home: Path = HERE.parent / ".casebeat"  # of the checkout: a worker runs in a folder of its own
    database_url: SecretStr | None = None  # unset: the embedded PostgreSQL under home
    database_owner_url: SecretStr | None = None  # for migrate; unset: database_url
    mail: Mail = Mail()
    replies: ReplyMailbox = ReplyMailbox()
    slack: Slack = Slack()
    signing_secret: SecretStr | None = Field(None, min_length=32)  # unset: a file under home, made once
    drop: Path | None = None  # the folder into which extracts are dropped
    policy: Path = HERE / "policy.yaml"
    panels: Path = HERE / "panels.yaml"
    calendar: Path = HERE / "calendar.yaml"
    clock: Clock = Clock.REAL

    @field_validator("home", "drop", "policy", "panels", "calendar")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value is not None else None

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _dialect(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith("postgresql+psycopg2://"):
            raise ValueError("must begin postgresql+psycopg2://")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the files of CASEBEAT_SECRETS_DIR, each named for its setting (`mail__password`)."""
        del settings_cls, dotenv_settings
        folder = os.environ.get(f"{PREFIX}SECRETS_DIR")
        if not folder:
            return init_settings, env_settings
        secrets = NestedSecretsSettingsSource(
            file_secret_settings,
            secrets_dir=folder,
            secrets_dir_missing="error",
            secrets_prefix="",
            secrets_nested_delimiter="__",
        )
        return init_settings, env_settings, secrets


def read() -> Settings:
    """Read the settings afresh. Raises Faults, which names every wrong setting and repeats no value."""
    mistyped = [name for name in os.environ if _MISTYPED.match(name)]
    if mistyped:
        raise Faults(
            f"Settings refused: {', '.join(sorted(mistyped))}: a setting of mail has two underscores after MAIL, "
            "one of replies after REPLIES, one of Slack after SLACK. Nothing was done."
        )
    try:
        return Settings()
    except ValidationError as error:
        faults = error.errors(include_input=False, include_context=False, include_url=False)
        raise Faults("Settings refused: " + "; ".join(map(_words, faults)) + ". Nothing was done.") from None
    except SettingsError:
        raise Faults(
            "Settings refused: a CASEBEAT_ variable is not of its setting's form, or CASEBEAT_SECRETS_DIR "
            "is not a readable folder. Nothing was done."
        ) from None


@cache
def settings() -> Settings:
    """The settings of this process, read once; `settings.cache_clear()` makes the next call read them again."""
    return read()


def _words(fault: Any) -> str:
    said = fault["msg"].removeprefix("Value error, ").rstrip(".")
    said = "is not a setting that Casebeat knows" if fault["type"] == "extra_forbidden" else said
    names = [str(part) for part in fault["loc"]]
    if names in (["mail"], ["replies"], ["slack"]):
        return said
    return f"{PREFIX}{'__'.join(names).upper()}: {said}"
