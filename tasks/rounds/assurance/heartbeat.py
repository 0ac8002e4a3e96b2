"""The heartbeat: one request to an outside dead-man's switch, which raises the alarm when none comes."""

import urllib.error
import urllib.request
from typing import Any

from config.settings import settings

WITHIN = 10.0  # seconds


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the address is a secret, and belongs to one host."""

    def redirect_request(self, *_: Any) -> None:
        """Return no further request."""


def send() -> str | None:
    """Send one heartbeat, if an address is set. Return why it was not taken; None if it was, or none is set.

    The address is a secret, and is in no sentence. Certificates are verified.
    """
    url = settings().heartbeat.url
    if url is None:
        return None
    try:
        opener = urllib.request.build_opener(_NoRedirect)
        with opener.open(url.get_secret_value(), timeout=WITHIN):  # raises for any status but a 2xx
            return None
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except Exception as error:  # noqa: BLE001  whatever it is, its text may hold the address
        return type(getattr(error, "reason", error)).__name__
