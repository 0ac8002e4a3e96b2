"""Lines of YAML that a person reads: plain where they may be, and with comments at one place."""

import json
import re
from collections.abc import Sequence
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./()?]*(?: [A-Za-z0-9_./()?&]+)*")
_WORDS = {"yes", "no", "true", "false", "on", "off", "null", "y", "n"}
_WIDTH = 56


def commented(text: str, comment: str) -> str:
    """Return a line of a column with its comment."""
    return f"          {text.ljust(_WIDTH)}  # {comment}"


def written(given: Any) -> str:
    """Return a value as YAML."""
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, int):
        return str(given)
    if isinstance(given, dict):
        return "{" + ", ".join(f"{quoted(key)}: {written(each)}" for key, each in given.items()) + "}"
    if isinstance(given, list):
        return "[" + ", ".join(map(written, given)) + "]"
    return quoted(str(given))


def listing(values: Sequence[str]) -> str:
    """Return texts as a list of YAML."""
    return "[" + ", ".join(map(quoted, values)) + "]"


def quoted(text: str) -> str:
    """Return a text as YAML; one that YAML might take for something else is quoted."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)
