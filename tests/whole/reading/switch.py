"""What the random books hold of the rules about danger, suspects and presumed stalking: all that the product knows."""

from __future__ import annotations

WHOLE = True
NEWER_RULES = frozenset({"order-served", "advocate-referral", "suspect-wanted", "danger"})
