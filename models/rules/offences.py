"""The classification of offence codes. Only the first seven characters count, in any case."""

import re
from collections.abc import Iterable
from functools import lru_cache

from config.terms import Classification

# Codes: Ministry of Justice offence list, August 2026.
STALKING = frozenset(
    ["PH97006", "PH97010", "PH97011", "PH97007", "PH97008", "CD98077", "CD98078", "CD98079"]
    + [f"ST1900{number}" for number in range(1, 7)]
)
HARASSMENT = frozenset(
    [
        "PH97004",
        "PH97005",
        "PH97009",
        "PH97012",
        "PH97001",
        "PH97002",
        "PH97003",
        "CD98069",
        "CD98076",
        "SE20002",
        "FL96001",
        "DA21001",
        "DA21002",
        "DA21004",
        "DA21005",
    ]
)
# PHA 1997 ss.2A and 4A, the aggravated offences of CDA 1998 s.32 and the codes of old records among them.
SECTION_2A = frozenset({"PH97006", "CD98077"})
SECTION_4A = frozenset({"PH97007", "PH97008", "PH97010", "PH97011", "CD98078", "CD98079"})
SUMMARY_ONLY = frozenset({"PH97006", "PH97004"})  # PHA 1997 s.2A stalking, s.2 harassment
BREACHES_OF_ORDERS = frozenset(
    ["PH97001", "PH97003", "PH97005", "PH97012", "SE20002", "FL96001", "DA21001", "DA21002", "DA21004", "DA21005"]
    + [f"ST1900{number}" for number in range(1, 7)]
)
LISTED = STALKING | HARASSMENT
CHARGED_IN_TIME = (STALKING | HARASSMENT) - BREACHES_OF_ORDERS  # a charge with one of these began proceedings

_SHAPE = re.compile(
    r"[A-Z]{2}[0-9]{5}|[A-Z]{4}[0-9]{3}"
)  # an Act's letters, its year and a number; COML025 of common law


def well_formed(code: str) -> bool:
    """Return whether a code is written as a CJS code is: a records system's own codes mostly are not."""
    return _SHAPE.fullmatch(stem(code)) is not None


def stem(code: str) -> str:
    """Return the code of the offence itself: an eighth letter marks an attempt (A), abetting (B) or conspiracy (C)."""
    return code.strip().upper()[:7]


@lru_cache(maxsize=4096)
def stems(codes: tuple[str, ...]) -> frozenset[str]:
    """Return the offences themselves, as `stem` does. Many cases have the same few codes, and several rules ask."""
    return frozenset(map(stem, codes))


def classify(codes: Iterable[str]) -> Classification:
    """Return stalking if any code is; otherwise harassment if any is; otherwise other."""
    offences = stems(tuple(codes))
    if offences & STALKING:
        return Classification.STALKING
    return Classification.HARASSMENT if offences & HARASSMENT else Classification.OTHER
