"""Whether the random books hold what the product on this branch learns now: goes once it knows all of it."""

from __future__ import annotations

import os

WHOLE = bool(os.environ.get("READING_WHOLE"))
NEWER_RULES = frozenset({"order-served", "advocate-referral", "suspect-wanted", "danger"})
