"""Questions to a Prefect server's API, by HTTP alone: importing Prefect takes a second."""

import base64
import json
import os
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import urlsplit
from uuid import uuid4

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def pages() -> str:
    """Return the address at which people open Prefect's pages; empty where only this machine could open them."""
    address = os.environ.get("PREFECT_UI_URL") or os.environ.get("PREFECT_API_URL", "").removesuffix("/api")
    return "" if urlsplit(address).hostname in {None, *_LOOPBACK} else address.rstrip("/")


@dataclass(frozen=True)
class Api:
    """A server's API: its URL, its sign-in (user:password) if it asks for one, and seconds to wait for an answer."""

    url: str
    sign_in: str | None = field(default=None, repr=False)
    patience: float = 30.0

    @classmethod
    def of_environment(cls) -> Self | None:
        """Return the server that Prefect's own settings name; None if they name none."""
        url = os.environ.get("PREFECT_API_URL")
        return cls(url, os.environ.get("PREFECT_API_AUTH_STRING")) if url else None

    def within(self, patience: float) -> Self:
        """Return the same API, asked with another patience in seconds."""
        return replace(self, patience=patience)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer, or None where the server has nothing of that name or answers without content.

        Raises OSError if the server does not answer or refuses.
        """
        try:
            return self._send(method, path, body, {})
        except HTTPError as error:
            if error.code == HTTPStatus.NOT_FOUND:
                return None
            if error.code != HTTPStatus.FORBIDDEN:
                raise
        client = str(uuid4())
        token = self._send("GET", f"csrf-token?client={client}", None, {})["token"]
        return self._send(method, path, body, {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": client})

    def answers(self) -> bool:
        """Return whether the server is up, within its patience. It needs no sign-in."""
        try:
            return bool(self._send("GET", "health", None, {}))
        except OSError:
            return False

    def tells(self, header: str) -> str | None:
        """Return what each answer of the server has under a header; None where it has none.

        Raises OSError if the server does not answer. It needs no sign-in.
        """
        with self._opener(self._request("GET", "health", None, {}), timeout=self.patience) as answer:
            told: str | None = answer.headers.get(header)
        return told

    @property
    def _opener(self) -> Callable[..., Any]:
        """Return what opens a request: on this machine never through a proxy, which would read the sign-in."""
        return _DIRECT.open if urlsplit(self.url).hostname in _LOOPBACK else urllib.request.urlopen

    def _request(self, method: str, path: str, body: Any, headers: dict[str, str]) -> urllib.request.Request:
        if self.sign_in:
            headers["Authorization"] = f"Basic {base64.b64encode(self.sign_in.encode()).decode()}"
        return urllib.request.Request(  # noqa: S310  the installation's own server
            f"{self.url}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={**headers, "Content-Type": "application/json"},
            method=method,
        )

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        try:
            with self._opener(self._request(method, path, body, headers), timeout=self.patience) as answer:
                return json.loads(answer.read() or "null")
        except HTTPError as error:
            error.close()  # it holds the connection
            raise
        except HTTPException:
            raise ConnectionError from None  # it ended in the middle of its answer
