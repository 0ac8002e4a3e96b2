"""Offence codes and the classification that follows from them (specification 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

PROTECTION_ORDER = {f"ST1900{number}" for number in range(1, 7)}
STALKING = PROTECTION_ORDER | {"PH97006", "PH97010", "PH97011", "PH97007", "PH97008", "CD98077", "CD98078", "CD98079"}
ABUSE_ORDER = {"DA21001", "DA21002", "DA21004", "DA21005"}
BREACHES = PROTECTION_ORDER | ABUSE_ORDER | {"PH97001", "PH97003", "PH97005", "PH97012", "SE20002", "FL96001"}
HARASSMENT = {"PH97004", "PH97009", "PH97002", "CD98069", "CD98076"} | (BREACHES - PROTECTION_ORDER)
EITHER = STALKING | HARASSMENT
SUMMARY_ONLY = {"PH97006", "PH97004"}


def code(text: str) -> str:
    """Give an offence code in comparable form: its first seven characters, in any case."""
    return text.upper()[:7]


def codes(texts: Iterable[str] | None) -> set[str]:
    """Give offence codes in comparable form; a column that was not sent holds none."""
    return {code(text) for text in texts or ()}


def kind_of(case: dict[str, Any]) -> str:
    """Give a case's classification, from its codes where none was given."""
    if case["classification"]:
        return case["classification"]
    own = codes(case["offence_codes"])
    if own & STALKING:
        return "stalking"
    return "harassment" if own & HARASSMENT else "other"
