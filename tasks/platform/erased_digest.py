"""The digest of an erased case or URN, keyed by a secret that is not in the database.

Whoever reads the database alone can neither read a reference from a digest nor try all references that there may be.
"""

import hashlib
import hmac

from models.queries.intake.erased_cases import Digest
from tasks.platform import secret_file
from tasks.platform.configuration import Configuration

_KEPT_AT = "erasure-secret"  # under the data directory, used if no setting gives the secret
_SETTING = "CASEBEAT_ERASURE_SECRET"


def erased_digest(configuration: Configuration) -> Digest:
    """Return how a name is digested: as long as the secret is the same, a case that was erased is known again.

    Raises Refuse if the secret cannot be read or made.
    """
    configured = configuration.settings.erasure_secret
    secret = (
        configured.get_secret_value().encode()
        if configured is not None
        else secret_file.kept(configuration.settings.home / _KEPT_AT, _SETTING)
    )
    key = hmac.digest(secret, b"casebeat erased", hashlib.sha256)
    return lambda name: hmac.digest(key, name.encode(), hashlib.sha256)
