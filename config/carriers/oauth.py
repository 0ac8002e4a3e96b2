"""Sign-in by OAuth 2.0 for a mailbox: who asks for a token, where, and what it proves itself by."""

import re
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, field_validator, model_validator

from config.carriers.proxy import ProxyAddress
from config.strict_yaml import Strict

MICROSOFT = "https://login.microsoftonline.com"
EXCHANGE_SCOPE = "https://outlook.office365.com/.default"
_TENANT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII)
_AUTHORITY = re.compile(
    r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)+/?", re.ASCII
)  # msal asks for a path
_VISIBLE = re.compile(r"[\x21-\x7e]{1,200}")


def _whole_path(value: Path) -> Path:
    if not value.is_absolute():
        raise ValueError("is not a whole path: begin it with /")
    return value


WholePath = Annotated[Path, AfterValidator(_whole_path)]


class OAuth(Strict):
    """The app that signs in by client credentials: no person, no browser. Off until something is set."""

    tenant: str = ""  # of Microsoft Entra: its id or a domain of it
    authority: str = ""  # of another OpenID provider, in place of the tenant: its issuer
    client_id: str = ""
    client_secret: SecretStr | None = Field(None, min_length=1)
    certificate: WholePath | None = None  # a PEM file with the private key and its certificate, in place of the secret
    scope: str = EXCHANGE_SCOPE
    proxy: ProxyAddress = ""  # by which the provider is reached

    @property
    def on(self) -> bool:
        """Return whether a mailbox is signed in to by a token."""
        return bool(self.tenant or self.authority or self.client_id or self.client_secret or self.certificate)

    @property
    def asked(self) -> str:
        """Whom a token is asked of: the authority's address."""
        return self.authority or f"{MICROSOFT}/{self.tenant}"

    @field_validator("tenant")
    @classmethod
    def _tenant(cls, value: str) -> str:
        if value and not _TENANT.fullmatch(value):
            raise ValueError("is not a tenant: give its id, or a domain of it")
        return value

    @field_validator("authority")
    @classmethod
    def _https(cls, value: str) -> str:
        if value and not _AUTHORITY.fullmatch(value):
            raise ValueError("is not an OpenID provider with a path: write it as https://id.example.police.uk/realm")
        return value.rstrip("/")

    @field_validator("client_id", "scope")
    @classmethod
    def _visible(cls, value: str) -> str:
        if value and not _VISIBLE.fullmatch(value):
            raise ValueError("is not one to 200 visible characters without a space")
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        wrong = [
            fault
            for held, fault in (
                (bool(self.tenant) == bool(self.authority), "set tenant for Microsoft, or authority for another"),
                (not self.client_id, "client_id is missing"),
                (not self.scope, "scope is empty"),
                ((self.client_secret is None) == (self.certificate is None), "set client_secret or certificate"),
            )
            if held
        ]
        if self.on and wrong:
            raise ValueError("; ".join(wrong))
        return self


def check_sign_in(group: str, user: str | None, *, password: bool) -> None:
    """Check what a group of settings says beside its oauth. Raises ValueError."""
    if password:
        raise ValueError(f"{group}.password and {group}.oauth: set one of them")
    if user is None or not re.fullmatch(r"[!-~]+@[!-~]+", user):
        raise ValueError(f"{group}.user: name the mailbox that the app signs in to, with {group}.oauth")
