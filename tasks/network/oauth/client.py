"""Beneath msal: its HTTP client over one request at a time, and the app's proof of itself."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from msal.exceptions import MsalServiceError

from config.carriers.oauth import OAuth
from tasks.network.oauth.refusals import NoToken
from tasks.network.one_request import LIMITS, NoAnswerError, request


class _Response(NamedTuple):
    """An answer as msal reads it."""

    status_code: int
    headers: Mapping[str, str]
    text: str

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise MsalServiceError("refused", error=None, error_description=None)


class MsalHttp:
    """The two methods of an HTTP client that msal calls, without its repeats, and by no proxy but the settings'."""

    def __init__(self, proxy: str) -> None:
        """Go by a proxy if one is named."""
        self._proxy = proxy

    def get(self, url: str, headers: Mapping[str, str] | None = None, **_: Any) -> _Response:
        """Ask for the authority's configuration."""
        return _Response(*request("GET", url, headers or {}, None, LIMITS, self._proxy))

    def post(
        self, url: str, data: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> _Response:
        """Ask for a token."""
        form = {**(headers or {}), "Content-Type": "application/x-www-form-urlencoded"}
        answer = _Response(*request("POST", url, form, urlencode(data or {}).encode(), LIMITS, self._proxy))
        if answer.status_code < 500 and not _is_object(answer.text):
            raise NoAnswerError(f"status {answer.status_code}, and no JSON object")  # msal would log it whole
        return answer

    def close(self) -> None:
        """Close nothing: nothing is kept open."""


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def credential(chosen: OAuth) -> str | dict[str, str]:
    """Return the secret, or the certificate with its key. Raises NoToken if the file holds none that can be used."""
    if chosen.client_secret is not None:
        return chosen.client_secret.get_secret_value()
    path = Path(str(chosen.certificate))
    try:
        if path.stat().st_mode & 0o007:
            raise NoToken(f"the certificate's file {path} may be read by everyone: run chmod 600 on it")
        text = path.read_text("ascii")
        key = serialization.load_pem_private_key(text.encode(), None)
        certificate = x509.load_pem_x509_certificate(text.encode())
    except OSError as error:
        raise NoToken(f"the certificate's file {path} cannot be read ({error.strerror})") from None
    except (ValueError, TypeError):
        raise NoToken(f"{path} does not hold a private key without a passphrase and its certificate, as PEM") from None
    if key.public_key() != certificate.public_key():
        raise NoToken(f"the private key and the certificate in {path} do not belong together")
    return {"private_key": text, "public_certificate": text}
