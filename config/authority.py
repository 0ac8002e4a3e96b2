"""The authority behind a duty, and behind its number of days: two things that no message mixes up."""

from enum import StrEnum


class Authority(StrEnum):
    """Who set a duty, or its number of days. What is published (protocol, code, guidance) is not law."""

    LAW = "law"
    COURT_ORDER = "court order"
    PUBLISHED = "published"  # of duties alone: no protocol, code or guidance gives these numbers
    LOCAL = "local"
