"""Changes that intake sees between two extracts."""

from enum import StrEnum


class SeenKind(StrEnum):
    """A change that intake sees between two extracts, and that no column tells."""

    RISK_LOWERED = "risk_lowered"  # of high, medium, standard; unknown counts as high
    BAIL_EXTENDED = "bail_extended"  # a known end of bail moved to a later day
