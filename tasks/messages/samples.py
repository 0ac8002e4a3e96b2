"""Made-up obligations, of which the samples of messages are made: those of `config/samples.yaml`."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from models.rules.obligations.rulebook import RULES
from tasks.messages.contexts import ObligationItem

DAY = date(2026, 3, 16)  # as of which they are
_WRITTEN: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "config" / "samples.yaml").read_text("utf-8")
)
_ITEM = TypeAdapter(ObligationItem)


def _values(name: str) -> dict[str, Any]:
    """Return what is written of an obligation, and of those that it is like."""
    own = dict(_WRITTEN[name])
    base = own.pop("like", None)
    return (_values(base) if base else {}) | own


def _item(name: str) -> ObligationItem:
    values = _values(name)
    return _ITEM.validate_python(values | {"ends_when": RULES[values["rule"]].ends_in_words("")})


REVIEW, LIMIT, ACTION, DECISION = (_item(name) for name in ("review", "limit", "action", "decision"))
CONTACT, RESOLVED, OLD, LAST, BAIL = (_item(name) for name in ("contact", "resolved", "old", "last", "bail"))
