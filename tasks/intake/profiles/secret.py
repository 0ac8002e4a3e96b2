"""The secret of a source's keys: the same on every machine and every night, so that a person keeps one key."""

import hashlib
import hmac

from config.settings import settings
from tasks.platform import secret_file

FILE = "source-secret"  # under the data directory, used if no setting gives the secret
SETTING = "CASEBEAT_SOURCE_SECRET"


def source_secret(source: str) -> bytes:
    """Return a secret of this source's own. Raises Refuse if the one that it comes from cannot be read or made."""
    configured = settings().source_secret
    whole = (
        configured.get_secret_value().encode()
        if configured is not None
        else secret_file.kept(settings().home / FILE, SETTING)
    )
    return hmac.digest(whole, f"casebeat source {source}".encode(), hashlib.sha256)
