"""The form of a URN: a root of eleven characters, which cases are matched on, and a suffix."""

import re

from config.forces import FORCES
from tasks.intake.forms import NO_URN, NULL, CellSetting, Form, NotStored, Unfit

_ROOT = re.compile(r"[0-9]{2}[A-Z0-9]{2}[0-9]{7}", re.ASCII)
_BETWEEN = "/\\-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}.:"  # as people write a root in groups
_SUFFIX = re.compile(r"(?=.)(?:[/-]?[A-Z]{1,2}|\([A-Z]{1,2}\))?(?:[/-]?[0-9]{1,3}|\([0-9]{1,3}\))?")


def urn_parts(text: str) -> tuple[str, str]:
    """Split a URN into its root of 11 characters and its suffix, in upper case, without what parts the root's groups.

    Raises Unfit if the root is not two digits, two letters or digits, seven digits.
    """
    if _ROOT.fullmatch(text):
        return text, ""
    root, at = "", 0
    while at < len(text) and len(root) < 11:
        if not text[at].isspace() and text[at] not in _BETWEEN:
            root += text[at]
        at += 1
    root = root.upper()
    if not _ROOT.fullmatch(root):
        raise Unfit("does not begin with a URN root: two digits, two letters or digits, seven digits")
    return root, "".join(text[at:].split()).upper()


def _urn(text: str, setting: CellSetting) -> str:
    root, suffix = urn_parts(text)
    del setting
    if suffix and not _SUFFIX.fullmatch(suffix):
        more = "has more after its root than a suffix, as M, (M), S or /1: it was loaded without what follows the root"
        raise NotStored(more, f"{root}\t{NULL}")
    return f"{root}\t{suffix or NULL}"


def covered_urn(root: str, setting: CellSetting) -> bool:
    """Return whether the extract covers the force of a URN. 01 and 02 are one force; unknown codes are accepted."""
    made_by = root[:2]
    same = {"01", "02"} if made_by in {"01", "02"} else {made_by}
    return made_by not in FORCES or bool(same & setting.covers)


URN = Form("URN", _urn, empty=NO_URN, kept=False)
