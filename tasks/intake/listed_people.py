"""The form of a list of people who must hear nothing of a case: it is read in every way in which it may be meant."""

import re
from contextlib import suppress
from itertools import islice

from tasks.intake.forms import MOST_LISTED, REF, CellSetting, Form, PartlyUnfit, Unfit, array

_WORD = re.compile(r"[^\s,|]+")
_MOST_WORDS = 3  # of a reference


def _people(text: str, setting: CellSetting) -> str:
    """Read a list of references. A sign or a space may be part of one, so that each is kept in its parts and whole."""
    found: dict[str, None] = {}
    number, unfit = 0, False
    for part in text.split(";"):
        words = list(islice(_WORD.finditer(part), MOST_LISTED + 1))
        number += len(words)
        unfit = unfit or not all(_is_listed(word[0], setting) for word in words)
        for place, word in enumerate(words):
            runs = (" ".join(part[word.start() : last.end()].split()) for last in words[place : place + _MOST_WORDS])
            found |= dict.fromkeys(run for run in runs if _is_listed(run, setting))
        if number > MOST_LISTED:
            raise PartlyUnfit(f"lists more than {MOST_LISTED} values", array(found))
    if unfit or not found:
        raise PartlyUnfit("is not a list of references", array(found))
    return array(found)


def _is_listed(text: str, setting: CellSetting) -> bool:
    with suppress(Unfit):
        return '"' not in REF.read(text, setting)
    return False


BARRED = Form("list of contact_refs, with `;`, `,`, `|` or space between", _people, empty="{}")
